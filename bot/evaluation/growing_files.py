"""Files of JSON lines that grow while something is measured, and are read again when it goes on."""

import json
from pathlib import Path
from typing import Any

from bot.evaluation.errors import EvaluationError


def read_objects(path: Path) -> list[dict[str, Any]]:
    """One object a line; blank lines are skipped. Raises EvaluationError that names a wrong line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read as UTF-8 text ({type(error).__name__}).") from error
    return [
        _object(line, f"{path}, line {number}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]


def resumed(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file that is written on; a last one that was cut off is dropped from the file, too."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return read_objects(path)


def append(path: Path, row: dict[str, Any]) -> None:
    """One more line, which is on the disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise EvaluationError(f"{place}: not JSON; write one object a line.") from None
    if not isinstance(value, dict):
        raise EvaluationError(f"{place}: not an object; write one object a line.")
    return value
