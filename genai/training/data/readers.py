"""Reads text, conversations and preference pairs. Every fault names the file, the line and what to do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

from genai.request import Role, Turn
from genai.training.run.errors import DataError, line_error
from genai.training.run.model_card import DataFile, describe_file

# Finds the files of a data set and reads JSON lines (https://jsonlines.org) from them.


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object with the place it stands at (lines from 1)."""

    path: Path
    line: int
    values: dict[str, Any]

    def error(self, fault: str, cure: str) -> DataError:
        """The error about this row."""
        return line_error(self.path, self.line, fault, cure)


def data_files(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The file itself, or the files of a folder with one of the suffixes; raises DataError for none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise DataError(f"{path} does not exist; check the path.")
    found = sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file())
    if not found:
        raise DataError(f"{path} holds no {' or '.join(suffixes)} file; put the data there or give a file.")
    return found


def describe_data(path: Path, suffixes: tuple[str, ...]) -> tuple[DataFile, ...]:
    """The data files with the number of their lines that are not blank, and hashes; raises TrainingError."""
    return tuple(describe_file(file, _filled_lines(file)) for file in data_files(path, suffixes))


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers from 1, line ends included; raises DataError when it is not readable UTF-8."""
    line = 0
    try:
        with path.open("rb") as file:
            for line, content in enumerate(file, start=1):
                yield line, content.decode("utf-8-sig" if line == 1 else "utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise line_error(path, line, "not UTF-8 text", "Save the file as UTF-8.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}).") from error


def read_rows(path: Path) -> Iterator[Row]:
    """The JSON objects of a file or folder of .jsonl files; blank lines are skipped. Raises DataError."""
    for file in data_files(path, (".jsonl",)):
        for line, text in read_lines(file):
            if not text.isspace():
                yield Row(file, line, _object(file, line, text))


def text_of(row: Row, values: dict[str, Any], key: str, where: str = "") -> str:
    """The non-blank text under `key`; raises DataError."""
    text = values.get(key)
    name = f'{where}"{key}"'
    if not isinstance(text, str) or not text.strip():
        raise row.error(f"{name} is not a text with content", f"Give {name} a text, or remove the line.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise row.error(
            f"{name} holds half a character (a lone surrogate)", "Write the character out in UTF-8."
        )
    return text


def _filled_lines(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _object(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "cannot be parsed"
        raise line_error(path, line, f"not JSON ({reason})", "Write one JSON object on each line.") from error
    if not isinstance(found, dict):
        raise line_error(path, line, "not a JSON object", "Write one object, in braces, on each line.")
    return found


# Conversations as JSON lines: {"messages": [{"role": "user", "content": "..."}, ...]}.


_EXAMPLE = '{"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}'


@dataclass(frozen=True, slots=True)
class Conversation:
    """User and assistant in turns, perhaps after a system turn; the last turn is the assistant's."""

    turns: tuple[Turn, ...]


def read_conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a .jsonl file or of a folder of them; raises DataError."""
    for row in read_rows(path):
        turns = read_turns(row, "messages")
        if turns[-1].role != "assistant":
            raise row.error(
                "the last message is not the assistant's", "End every conversation with an answer."
            )
        yield Conversation(turns)


def read_turns(row: Row, key: str) -> tuple[Turn, ...]:
    """The turns under `key`; raises DataError unless user and assistant take turns."""
    messages = row.values.get(key)
    if not isinstance(messages, list) or not messages:
        raise row.error(f'no list "{key}"', f"Write the line as {_EXAMPLE}.")
    turns = tuple(_turn(row, number, message) for number, message in enumerate(messages, start=1))
    spoken = [turn.role for turn in turns if turn.role != "system"]
    if any(turn.role == "system" for turn in turns[1:]):
        raise row.error(
            "a system message after the first message", "Keep one system message, at the beginning."
        )
    if spoken != (["user", "assistant"] * len(spoken))[: len(spoken)] or not spoken:
        raise row.error("user and assistant do not take turns", "Start with the user and alternate.")
    return turns


def _turn(row: Row, number: int, message: Any) -> Turn:
    if not isinstance(message, dict):
        raise row.error(f"message {number} is not an object", f"Write the line as {_EXAMPLE}.")
    role = message.get("role")
    if role not in get_args(Role):
        raise _unknown_role(row, number, role)
    return Turn(cast(Role, role), text_of(row, message, "content", f"message {number} "))


def _unknown_role(row: Row, number: int, role: Any) -> DataError:
    return row.error(
        f"message {number} has the role {role!r:.40}", f"Use one of {', '.join(get_args(Role))}."
    )


# Preference pairs as JSON lines: {"prompt" or "messages": ..., "chosen": "...", "rejected": "..."}.


@dataclass(frozen=True, slots=True)
class Preference:
    """The turns up to the user's last, an answer that was preferred, and one that was not."""

    prompt: tuple[Turn, ...]
    chosen: str
    rejected: str


def read_preferences(path: Path) -> Iterator[Preference]:
    """The pairs of a .jsonl file or of a folder of them; raises DataError."""
    for row in read_rows(path):
        chosen, rejected = text_of(row, row.values, "chosen"), text_of(row, row.values, "rejected")
        if chosen.strip() == rejected.strip():
            raise row.error("chosen and rejected are the same", "Remove the line: it says nothing.")
        yield Preference(_prompt(row), chosen, rejected)


def _prompt(row: Row) -> tuple[Turn, ...]:
    if "messages" not in row.values:
        return (Turn("user", text_of(row, row.values, "prompt")),)
    turns = read_turns(row, "messages")
    if turns[-1].role != "user":
        raise row.error("the last message is not the user's", "Leave the answers to chosen and rejected.")
    return turns


# Plain text for pre-training: .txt and .md files, a document each, or .jsonl lines {"text": "..."}.


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


__all__ = ["Conversation", "Piece", "Preference", "read_conversations", "read_preferences", "read_text"]
