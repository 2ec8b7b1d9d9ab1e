"""Reads and writes files of JSON lines; a bad line is named with its number and the cure."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from bot.cli.shared import Failure


def parse_lines(lines: Iterable[str], name: str, required: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Each line's object; blank lines are skipped. Raises Failure that names a wrong line."""
    example = json.dumps(dict.fromkeys(required, "…"), ensure_ascii=False)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise Failure(
                f"{name}, line {number}: not JSON; write one object a line, like {example}."
            ) from None
        missing = [key for key in required if not isinstance(value, dict) or key not in value]
        if missing:
            raise Failure(f"{name}, line {number}: no {' or '.join(missing)}; write lines like {example}.")
        if "id" in required and not isinstance(value["id"], str | int):
            raise Failure(f"{name}, line {number}: the id is neither text nor a whole number.")
        for key in required:
            if key != "id" and not isinstance(value[key], str):
                raise Failure(f"{name}, line {number}: {key} is not text.")
        yield value


def read_file(path: Path, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """All objects of a UTF-8 file; raises Failure."""
    try:
        with path.open(encoding="utf-8") as lines:
            return list(parse_lines(lines, str(path), required))
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: cannot be read as UTF-8 text ({type(error).__name__}).") from error


def open_to_resume(path: Path) -> tuple[TextIO, set[str]]:
    """`path` opened for appending, and the ids that it already answers.

    A last line that was cut off by a crash is dropped, so its prompt is asked again. Raises Failure.
    """
    try:
        path.touch()
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        done = {
            json.dumps(entry["id"])
            for entry in parse_lines(whole.decode("utf-8").splitlines(), str(path), ("id", "reply"))
        }
        if len(whole) < len(data):
            with path.open("r+b") as file:
                file.truncate(len(whole))
        return path.open("a", encoding="utf-8"), done
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(
            f"{path}: cannot be written to ({type(error).__name__}); choose another file."
        ) from error
