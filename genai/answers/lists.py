"""Reads an answer that was asked for as a list of ideas: what leads to it, the ideas, and the closing words.

`ListReader` takes the answer in pieces and gives each idea as soon as the next one begins. Nothing is lost: the `raw`
texts of what it gives, in order, are the answer. Whether a list was asked for is the caller's to know; a chat that
happens to hold a list is not read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from genai.answers.ideas import ending, plain_ideas
from genai.answers.ideas.idea_text import IdeaText, ListKind, read_idea
from genai.answers.ideas.level_finder import LevelFinder
from genai.answers.ideas.starts import IdeaStarts, Start
from genai.answers.ideas.table_rows import read_row
from genai.answers.ideas.text_buffer import TextBuffer
from genai.answers.markdown.block_stream import BlockStream
from genai.answers.markdown.block_tokens import Block, Kind

_SIGNS = re.compile(
    r"\s*(?:(?:`{3,}|~{3,}).*|\|.*|[\[\]{},;]+|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|</?[ou]l>)\s*"
)


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands before the first idea; the whole answer where it has none."""

    raw: str

    @property
    def text(self) -> str:
        """The words, without the signs of a table or of JSON that begins."""
        return _words(self.raw)


@dataclass(frozen=True, slots=True)
class ListedIdea:
    """One idea. `category` is the heading it stands under.

    `is_closed` says that something follows it; where it is False and the answer was cut off, the idea may be cut too.
    """

    title: str
    body: str
    points: tuple[str, ...]
    link: str
    category: str
    raw: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands behind the last idea."""

    raw: str

    @property
    def text(self) -> str:
        """The words, without rules and the signs of a table or of JSON that ends."""
        return _words(self.raw)


ListPart = Preamble | ListedIdea | Closing


class ListReader:
    """Reads a list of ideas as it arrives. `count` is how many were asked for, where that is known.

    What arrives in which pieces makes no difference to what is read. More ideas than `count` are given as well. A list
    in a fence or a quotation is read too, where there is no other and the reader `looks_inside`.
    """

    def __init__(self, count: int | None = None, kind: ListKind = "ideas", looks_inside: bool = True) -> None:
        self._count = count
        self._looks_inside = looks_inside
        self._kind: ListKind = kind
        self._stream = BlockStream()
        self._finder = LevelFinder(count, have_points=kind == "ideas")
        self._starts: IdeaStarts | None = None
        self._text = TextBuffer()
        self._held: list[Block] = []
        self._idea: Start | None = None
        self._profiles: list[tuple[Kind, ...]] = []
        self._table: Block | None = None

    def feed(self, text: str) -> list[ListPart]:
        """The ideas that `text` closes; before the first of them, the preamble."""
        self._text.add(text)
        parts = [part for block in self._stream.feed(text) for part in self._block(block)]
        return [*parts, *self._peek()]

    def close(self) -> list[ListPart]:
        """All that is left, the last idea and the closing words among it."""
        parts = [part for block in self._stream.close() for part in self._block(block)]
        if self._starts is None and (level := self._finder.finish()):
            parts += self._begin(IdeaStarts(level, self._count))
        return [*parts, *self._rest()]

    def _block(self, block: Block) -> Iterator[ListPart]:
        if self._starts is not None:
            yield from self._place(block, self._starts)
            return
        self._held.append(block)
        if level := self._finder.add(block):
            yield from self._begin(IdeaStarts(level, self._count))

    def _begin(self, starts: IdeaStarts) -> Iterator[ListPart]:
        self._starts = starts
        held, self._held = self._held, []
        for block in held:
            yield from self._place(block, starts)

    def _place(self, block: Block, starts: IdeaStarts) -> Iterator[ListPart]:
        """Add a block to the idea that is open, or close that and begin another."""
        if start := starts.add(block):
            yield from self._closed(start.offset)
            self._idea, self._held = start, []
            return
        self._held.append(block)
        if block.kind is Kind.TABLE:
            self._table = block

    def _closed(self, end: int) -> Iterator[ListPart]:
        """The open idea, or the preamble, which goes to character `end`."""
        raw = self._text.take(end)
        if self._idea:
            self._profiles.append(ending.profile(one for one in self._held if one.start < end))
            yield self._read(self._idea, raw, is_closed=True)
        elif raw:
            yield Preamble(raw)

    def _peek(self) -> list[ListPart]:
        """The open idea, where the line that is still arriving begins the next."""
        if self._starts is None or self._idea is None:
            return []
        block = self._stream.peek()
        if block is None or not self._starts.is_certain(block):
            return []
        above = self._starts.begin_of_above
        parts = list(self._closed(block.start if above is None else above))
        self._idea, self._held = None, []
        return parts

    def _read(self, start: Start, raw: str, is_closed: bool) -> ListedIdea:
        if start.block.kind is Kind.ROW and self._table:
            text = read_row(self._table.line, start.block.line)
        else:
            text = read_idea(raw[start.block.start - start.offset :], self._kind)
        return _idea(text, raw, start.category, is_closed)

    def _rest(self) -> Iterator[ListPart]:
        if self._idea is None:
            yield from self._unmarked(self._text.rest())
            return
        whole = self._text.rest()
        if not self._profiles and (parts := self._in_one_line(whole)):
            yield from parts
            return
        end = ending.of_last_idea(whole, self._text.begin, self._idea.block, self._held, self._profiles)
        raw = self._text.take(end)
        rest = self._text.rest()
        yield self._read(self._idea, raw, is_closed=bool(rest.strip()))
        if rest:
            yield Closing(rest)

    def _in_one_line(self, text: str) -> list[ListPart]:
        """Ideas of which only the first begins a line; [] where there is but one."""
        found = plain_ideas.inline(text, self._count, self._kind) if self._count != 1 else []
        return list(_around(text, found)) if found else []

    def _unmarked(self, text: str) -> Iterator[ListPart]:
        """An answer whose ideas nothing marks at the top: JSON, a list in a fence or a quotation, bare lines."""
        if self._looks_inside and (within := self._within(text)):
            yield from within
            return
        found = plain_ideas.read(text, self._count, self._kind)
        if found or text:
            yield from _around(text, found)

    def _within(self, text: str) -> list[ListPart]:
        """The list that stands in a fence or a quotation, with what is around it; [] where there is none."""
        inner = plain_ideas.inside(text)
        if inner is None:
            return []
        place, inside = inner
        reader = ListReader(self._count, self._kind, looks_inside=False)
        parts = [*reader.feed(inside), *reader.close()]
        if not any(isinstance(part, ListedIdea) for part in parts):
            return []
        raws = [len(part.raw) for part in parts]
        return _placed(parts, raws, text, place)


def _words(raw: str) -> str:
    return "\n".join(line for line in raw.splitlines() if not _SIGNS.fullmatch(line)).strip()


def _around(text: str, found: list[plain_ideas.Found]) -> Iterator[ListPart]:
    """The ideas that were found in `text`, with what stands before and behind them."""
    begin = found[0].start if found else len(text)
    if text[:begin]:
        yield Preamble(text[:begin])
    for one in found:
        yield _idea(one.text, text[one.start : one.end], "", text[one.end :].strip() != "")
    if found and (rest := text[found[-1].end :]):
        yield Closing(rest)


def _placed(parts: list[ListPart], lengths: list[int], text: str, place: int) -> list[ListPart]:
    """Parts of a stretch of `text` that begins at `place`, as parts of the whole of it."""
    before, ideas, after = text[:place], [], ""
    for part, length in zip(parts, lengths, strict=True):
        raw, place = text[place : place + length], place + length
        match part:
            case Preamble():
                before += raw
            case Closing():
                after += raw
            case _:
                ideas.append(replace(part, raw=raw))
    after += text[place:]
    return [*([Preamble(before)] if before else []), *ideas, *([Closing(after)] if after else [])]


def _idea(text: IdeaText, raw: str, category: str, is_closed: bool) -> ListedIdea:
    return ListedIdea(text.title, text.body, text.points, text.link, category, raw, is_closed)


def ideas_in(text: str, count: int | None = None, kind: ListKind = "ideas") -> list[ListedIdea]:
    """The ideas of a whole answer, without what is around them."""
    return [part for part in read_list(text, count, kind) if isinstance(part, ListedIdea)]


def read_list(text: str, count: int | None = None, kind: ListKind = "ideas") -> list[ListPart]:
    """The parts of a whole answer."""
    reader = ListReader(count, kind)
    return [*reader.feed(text), *reader.close()]
