"""Plain text for pre-training: .txt and .md files, a document each, or .jsonl lines {"text": "..."}."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from genai.training.readers.files import data_files, read_lines, read_rows, text_of
from genai.training.run.errors import DataError

SUFFIXES: Final = (".txt", ".md", ".jsonl")
_PIECE_CHARACTERS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A document, or about a million characters of one; a document's last piece says so."""

    text: str
    ends_document: bool


def read_text(path: Path) -> Iterator[Piece]:
    """The documents of a file or folder; raises DataError for what is not text or empty."""
    empty = True
    for file in data_files(path, SUFFIXES):
        for piece in _json_documents(file) if file.suffix == ".jsonl" else _pieces(file):
            empty = False
            yield piece
    if empty:
        raise DataError(f"{path} holds no text; put some there.")


def _json_documents(file: Path) -> Iterator[Piece]:
    for row in read_rows(file):
        yield Piece(text_of(row, row.values, "text"), ends_document=True)


def _pieces(file: Path) -> Iterator[Piece]:
    lines: list[str] = []
    size = 0
    waiting = ""
    for _, line in read_lines(file):
        lines.append(line)
        size += len(line)
        if size >= _PIECE_CHARACTERS:
            if waiting:
                yield Piece(waiting, ends_document=False)
            waiting, lines, size = "".join(lines), [], 0
    text = "".join(lines)
    if waiting:
        yield Piece(waiting, ends_document=not text.strip())
    if text.strip():
        yield Piece(text, ends_document=True)
