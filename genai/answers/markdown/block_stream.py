"""Blocks of a text that arrives in pieces: each is told once, as soon as its first line says what it is.

Only what may still change is parsed again, from the beginning of the last block on, and only where a line could begin
another; a parse that found nothing new waits until the text has grown by half, so that the work stays linear.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from genai.answers.markdown.block_tokens import Block, Kind, begins_block, blocks_of, cut_lines
from genai.answers.markdown.marks import read_mark

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_CONTENT = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]{1,4}(?=\S)|[ \t]?)")
_NO_ROW = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|>|#{1,6}[ \t]|`{3}|~{3})")
_CERTAIN = re.compile(r" {0,3}(?:\d{1,3}[.)]|[-*+]) {1,4}(?:\*\*)?\w{2}")
_MAY_BEGIN = frozenset("#>*+-_`~|:")
_SMALL = 1000
_GROWTH = 1.5


class BlockStream:
    """Tells where the blocks of a text begin; the `start` of each counts from the beginning of the whole text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._base = 0
        self._size = 0
        self._unfinished: list[str] = []
        self._open: Block | None = None
        self._fence = ""
        self._content_indent = 0
        self._in_table = False
        self._may_follow = True
        self._retry_at = 0.0
        self._was_peeked = False

    def feed(self, text: str) -> list[Block]:
        """The blocks whose first line is now whole."""
        if not _has_end(text) and not (self._unfinished and self._unfinished[-1].endswith("\r")):
            self._unfinished.append(text)
            return []
        *lines, last = cut_lines("".join((*self._unfinished, text)))
        self._unfinished, self._was_peeked = [last], False
        return self._read(lines)

    def close(self) -> list[Block]:
        """The blocks that are told only now that nothing follows."""
        last, self._unfinished = "".join(self._unfinished), []
        told = self._read([last] if last else [])
        return [*told, *self._parse(is_last=True)]

    def peek(self) -> Block | None:
        """The block that the line still arriving begins, once that is certain; told at most once for each line."""
        line = "".join(self._unfinished[:8])
        if self._was_peeked or self._in_table or not _CERTAIN.match(line) or not self._may_begin(line):
            return None
        self._was_peeked = True
        before = "".join(self._lines)
        found = blocks_of(before + line)
        if not found or found[-1].start != len(before) or self._size > _SMALL * 4:
            return None
        return replace(found[-1], start=found[-1].start + self._base)

    def _read(self, lines: Iterable[str]) -> list[Block]:
        return [block for line in lines for block in self._line(line)]

    def _line(self, line: str) -> Iterator[Block]:
        if self._in_table:
            if "|" in line and not _NO_ROW.match(line):
                yield Block(Kind.ROW, self._base, line, read_mark(line))
                self._base += len(line)
                return
            self._in_table, self._may_follow = False, True
        may_begin = self._may_begin(line)
        self._lines.append(line)
        self._size += len(line)
        self._note_fence(line)
        self._may_follow = not line.strip() or self._is_closed()
        if may_begin and self._size >= self._retry_at:
            yield from self._parse()

    def _may_begin(self, line: str) -> bool:
        """Whether it is worth asking the parser if this line begins a block."""
        text = line.strip()
        if not text or self._fence:
            return False
        indent = len(line[: len(line) - len(line.lstrip())].expandtabs(4))
        if self._open and self._open.kind is Kind.ITEM and indent >= self._content_indent:
            return False
        if self._open and self._open.kind is Kind.QUOTE and text.startswith(">"):
            return False
        return self._may_follow or text[0] in _MAY_BEGIN or begins_block(line)

    def _parse(self, is_last: bool = False) -> list[Block]:
        found = blocks_of("".join(self._lines))
        new = found[1 if self._open else 0 :]
        held = new.pop() if new and not is_last and self._may_be_table(new[-1]) else None
        if not new and not held:
            self._retry_at = self._size * _GROWTH if self._size > _SMALL else 0.0
            return []
        told = [replace(block, start=block.start + self._base) for block in new]
        self._begin(found[-1], is_told=held is None)
        return told

    def _may_be_table(self, block: Block) -> bool:
        """Whether only the next line says if this is a paragraph or a table's head."""
        size = self._size - block.start
        return block.kind is Kind.PARAGRAPH and "|" in block.line and size <= len(block.line)

    def _begin(self, block: Block, is_told: bool) -> None:
        """Keep only what stands from `block` on."""
        text = "".join(self._lines)
        self._base += block.start
        self._lines = [line for line in cut_lines(text[block.start :]) if line]
        self._size = len(text) - block.start
        self._retry_at = 0.0
        self._open = block if is_told else None
        self._in_table = block.kind in {Kind.TABLE, Kind.ROW}
        if self._in_table:
            self._base += self._size
            self._lines, self._size, self._open = [], 0, None
        self._content_indent = _content_indent(block.line) if block.kind is Kind.ITEM else 0
        self._fence = ""
        opening = _FENCE.match(block.line) if block.kind is Kind.FENCE else None
        if opening:
            self._fence = opening[1]
            for line in self._lines[1:]:
                self._note_fence(line)
        self._may_follow = self._may_follow or not is_told or self._is_closed()

    def _note_fence(self, line: str) -> None:
        """Notice where the open fence ends."""
        text = line.strip()
        if self._fence and text.startswith(self._fence) and not text.strip(self._fence[0]):
            self._fence = ""

    def _is_closed(self) -> bool:
        """Whether the next line does not belong to the open block, whatever it is."""
        kind = self._open.kind if self._open else None
        return kind in {Kind.HEADING, Kind.RULE} or (kind is Kind.FENCE and not self._fence)


def _has_end(text: str) -> bool:
    return "\n" in text or "\r" in text


def _content_indent(line: str) -> int:
    found = _CONTENT.match(line)
    return len(found[0].expandtabs(4)) if found else 0
