"""The blocks of Markdown that stand at the top of a text, by markdown-it-py's CommonMark parser.

Two things are not as in CommonMark, because models do not write it strictly. A line that begins with an enumerator
of any kind, an emoji, or a bold title begins a block, also in the middle of a paragraph; and four spaces make no code.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from genai.answers.markdown.marks import Mark, read_mark


class Kind(StrEnum):
    """What a block is."""

    ITEM = "item"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FENCE = "fence"
    TABLE = "table"
    ROW = "row"
    QUOTE = "quote"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Block:
    """A block that begins at character `start` of its text; `line` is its first line, `mark` what that begins with."""

    kind: Kind
    start: int
    line: str
    mark: Mark

    @property
    def is_marked(self) -> bool:
        """Whether it could begin an idea: it is not simply text."""
        return self.kind in {Kind.ITEM, Kind.HEADING, Kind.ROW} or (
            self.kind is Kind.PARAGRAPH and begins_block(self.line)
        )


_KINDS = {
    "list_item_open": Kind.ITEM,
    "heading_open": Kind.HEADING,
    "paragraph_open": Kind.PARAGRAPH,
    "fence": Kind.FENCE,
    "table_open": Kind.TABLE,
    "blockquote_open": Kind.QUOTE,
    "hr": Kind.RULE,
}
_BOLD_TITLE = re.compile(
    r"(?:\*{2,3}|__)(?=\S)[^\n]{1,120}?(?:\*{2,3}|__)\s*(?:[:：.–—-]|$)|(?:\*{2,3}|__)[^*\n]{1,120}[:：](?:\*{2,3}|__)"
)
_END = re.compile(r"(?<=\n)|(?<=\r)(?=[^\n])")
_LOOKED_AT = 200
"""What a line begins with stands in its first characters; a longer line is not read further."""


def begins_block(line: str) -> bool:
    """Whether a line begins something even in the middle of a paragraph: it is enumerated, or has a bold title."""
    mark = read_mark(line[:_LOOKED_AT])
    return bool(mark.style or mark.symbol or mark.bullet) or bool(mark.strong and has_bold_title(mark.rest))


def has_bold_title(text: str) -> bool:
    """Whether the text begins with bold words that stand alone or before a colon or dash."""
    return bool(_BOLD_TITLE.match(text))


def _interrupts(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """A rule of the parser that only says where a paragraph ends; the rules behind it read what begins there."""
    if not silent:
        return False
    begin = state.bMarks[line] + state.tShift[line]
    return begins_block(state.src[begin : min(state.eMarks[line], begin + _LOOKED_AT)])


def _build() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "lheading", "reference", "html_block"])
    parser.block.ruler.before("paragraph", "interrupts", _interrupts, {"alt": ["paragraph"]})
    return parser


_PARSER = _build()


def plain_ends(text: str) -> str:
    """The text with each end of a line as a newline, as long as before, so that places in it stay the same."""
    return text.replace("\r\n", " \n").replace("\r", "\n").replace("\x00", "\ufffd")


def cut_lines(text: str) -> list[str]:
    """The lines with their ends, and what stands behind the last end; a \\r at the very end may be half of one."""
    return _END.split(text)


def tokens_of(text: str) -> list[Token]:
    """The parser's tokens of whole blocks; their inline content is not parsed."""
    tokens: list[Token] = []
    _PARSER.block.parse(plain_ends(text), _PARSER, {}, tokens)
    return tokens


def blocks_of(text: str) -> list[Block]:
    """The blocks at the top of `text` in order, each item of a list and each row of a table by itself."""
    lines = [line for line in cut_lines(plain_ends(text)) if line]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    blocks: list[Block] = []
    for token in tokens_of(text):
        level = 1 if token.type == "list_item_open" else 0
        if token.level == level and token.map and (kind := _KINDS.get(token.type)):
            for number, kind_there in _split(kind, lines, token.map):
                line = lines[number]
                blocks.append(Block(kind_there, starts[number], line, read_mark(line)))
    return blocks


def _split(kind: Kind, lines: list[str], span: list[int]) -> list[tuple[int, Kind]]:
    """The lines at which a token begins blocks: a table is its head, its rows, and a paragraph where pipes end."""
    if kind is not Kind.TABLE:
        return [(span[0], kind)]
    found = [(span[0], Kind.TABLE)]
    for number in range(span[0] + 2, span[1]):
        if "|" not in lines[number]:
            return [*found, (number, Kind.PARAGRAPH)]
        found.append((number, Kind.ROW))
    return found
