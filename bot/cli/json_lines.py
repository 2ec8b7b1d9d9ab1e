"""Answers JSON lines with JSON lines, in order, for programs that drive a command.

A bad line is named on standard error with its number, and the lines after it are answered all the same; whoever
drives the command learns of it by the exit status at the end. Each answer is written out at once, so that a program
may write a line and wait for its answer.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, TextIO

Entry = dict[str, Any]
_BROKEN_CHARACTER = "\N{REPLACEMENT CHARACTER}"


class BadLine(Exception):
    """What is wrong with a line, in words that go on after its number."""


def answer_lines(
    lines: Iterable[bytes], answer: Callable[[Entry], Entry], written: TextIO, named: TextIO
) -> int:
    """Write the answer to each line to `written`, with the line's `id`, and each bad line's number to `named`.

    Blank lines are skipped. Returns how many lines were bad; `answer` raises BadLine.
    """
    bad = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = _entry(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            answered = json.dumps({"id": entry["id"], **answer(entry)})
        except BadLine as error:
            bad += 1
            named.write(f"riff: line {number}: {error}\n")
            named.flush()
            continue
        written.write(f"{answered}\n")
        written.flush()
    return bad


def _entry(line: bytes) -> Entry:
    try:
        entry = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLine("not UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadLine("not JSON; write one object a line.") from None
    if not isinstance(entry, dict):
        raise BadLine("not a JSON object.")
    identity = field(entry, "id")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        raise BadLine("the id is neither text nor a whole number.")
    return entry


def field(entry: Entry, key: str) -> Any:
    """The value under `key`; raises BadLine where there is none."""
    if key not in entry:
        raise BadLine(f"no {key}.")
    return entry[key]


def text(entry: Entry, key: str) -> str:
    """The text under `key`; raises BadLine where there is none."""
    value = field(entry, key)
    if not isinstance(value, str):
        raise BadLine(f"{key} is not text.")
    return whole(value)


def texts(entry: Entry, key: str) -> list[str]:
    """The list of texts under `key`; raises BadLine where there is none."""
    value = field(entry, key)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadLine(f"{key} is not a list of texts.")
    return [whole(one) for one in value]


def whole_number(entry: Entry, key: str) -> int:
    """The whole number from 0 under `key`; raises BadLine where there is none."""
    value = field(entry, key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadLine(f"{key} is not a whole number from 0.")
    return value


def whole(said: str) -> str:
    """The text without half characters, which JSON can name and nothing after it can read."""
    return said if said.isascii() else "".join(_BROKEN_CHARACTER if _is_half(one) else one for one in said)


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
