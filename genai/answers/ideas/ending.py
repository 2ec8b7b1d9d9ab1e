"""Where the last idea of an answer ends and the closing words begin."""

from collections import Counter
from collections.abc import Iterable, Sequence

from genai.answers.ideas.levels import is_alone, level_of
from genai.answers.markdown.block_tokens import Block, Kind, cut_lines
from genai.answers.wording import courtesies, headings

Profile = tuple[Kind, ...]
"""What an idea has besides the block it begins with; items of a list count once."""


def profile(blocks: Iterable[Block]) -> Profile:
    """The kinds of an idea's further blocks."""
    kinds: list[Kind] = []
    for block in blocks:
        if block.kind is not Kind.RULE and not (block.kind is Kind.ITEM and kinds[-1:] == [Kind.ITEM]):
            kinds.append(block.kind)
    return tuple(kinds)


def of_last_idea(
    text: str, base: int, first: Block, blocks: Sequence[Block], profiles: Sequence[Profile]
) -> int:
    """The character at which closing words begin; `text`, the idea's own, begins at character `base` of the answer."""
    end = base + len(text)
    bounds = _Bounds(first, profiles)
    before: Block | None = None
    for block in blocks:
        if bounds.is_beyond(block):
            end = before.start if before and before.kind is Kind.RULE else block.start
            break
        before = block
    return base + _without_last_line(text[: end - base])


class _Bounds:
    """Follows the blocks of the last idea, and says which is the first that is none of its own."""

    def __init__(self, first: Block, profiles: Sequence[Profile]) -> None:
        self._first = first
        self._most = Counter[Kind]()
        for one in profiles:
            self._most |= Counter(one)
        self._has_others = bool(profiles)
        self._here = Counter[Kind]()
        self._last: Kind | None = None

    def is_beyond(self, block: Block) -> bool:
        """Whether a block is beyond the idea; if not, it is the idea's."""
        if block.kind is Kind.RULE:
            return False
        if self._first.kind is Kind.ROW or self._is_closing(block) or self._is_foreign(block):
            return True
        self._here[block.kind] += not (block.kind is Kind.ITEM and self._last is Kind.ITEM)
        self._last = block.kind
        return self._has_others and self._here[block.kind] > self._most[block.kind]

    def _is_closing(self, block: Block) -> bool:
        """Whether a paragraph turns to the person, where the idea has a text already or is to have none."""
        needs_text = is_alone(self._first) and not self._here and (not self._has_others or bool(self._most))
        return block.kind is Kind.PARAGRAPH and courtesies.closes(block.line) and not needs_text

    def _is_foreign(self, block: Block) -> bool:
        return _is_new_section(block) and not self._most[block.kind]


def _is_new_section(block: Block) -> bool:
    level = level_of(block)
    text = headings.labelled(block.mark.rest)[0] or block.mark.rest
    if headings.is_other(text):
        return True
    return level is not None and level[0] == "heading" and not headings.is_detail(text)


def _without_last_line(text: str) -> int:
    """The length of the text without a courtesy that follows directly on its last line."""
    lines = [line for line in cut_lines(text) if line]
    while lines and not lines[-1].strip():
        lines.pop()
    last = lines[-1] if len(lines) > 1 else ""
    is_own_line = last[:1].strip() and courtesies.closes(last) and not _begins_block(last)
    return sum(map(len, lines[:-1])) if is_own_line else len(text)


def _begins_block(line: str) -> bool:
    """Whether the line begins a block that has been looked at already."""
    return line.lstrip()[:1] in "#-*+|>"
