"""Finds the files of a data set and reads JSON lines (https://jsonlines.org) from them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genai.training.run.errors import DataError, line_error
from genai.training.run.model_card import DataFile, describe_file


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
