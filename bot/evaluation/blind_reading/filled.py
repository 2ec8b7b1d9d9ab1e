"""Reads what people filled in: their sheets as JSON lines, and the key that tells what they were reading."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from bot.evaluation.blind_reading.pairs import Origin
from bot.evaluation.errors import EvaluationError
from bot.evaluation.growing_files import read_objects

Prefer = Literal["left", "right", "equal"]
_CHOICES = ("left", "right", "equal")


@dataclass(frozen=True, slots=True)
class Key:
    """Which way each side of a sheet's pairs came from, and the texts that were read, by the pair's number."""

    sheet: str
    ways: tuple[str, ...]
    origins: dict[int, Origin]
    left: dict[int, tuple[str, ...]]
    right: dict[int, tuple[str, ...]]
    prompts: dict[int, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one reader says of one pair; usable ideas by their places from 0, None where nobody was asked."""

    reader: str
    pair: int
    prefer: Prefer
    usable_left: frozenset[int] | None
    usable_right: frozenset[int] | None


def read_key(folder: Path) -> Key:
    """The key of the sheet in a folder. Raises EvaluationError."""
    path = folder / "key.json"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        origins = {
            int(number): Origin(one["prompt"], one["left"], one["right"])
            for number, one in value["pairs"].items()
        }
        sheet, ways = value["sheet"], tuple(value["ways"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{path}: is no key of a sheet ({type(error).__name__}).") from error
    rows = [row for row in read_objects(folder / "sheet.jsonl") if "pair" in row]
    if {row["pair"] for row in rows} != set(origins) or any(row.get("sheet") != sheet for row in rows):
        raise EvaluationError(f"{folder}: its sheet and its key do not belong together.")
    left = {row["pair"]: tuple(row["left"]) for row in rows}
    right = {row["pair"]: tuple(row["right"]) for row in rows}
    return Key(sheet, ways, origins, left, right, {row["pair"]: row["prompt"] for row in rows})


def read_filled(paths: Sequence[Path], key: Key) -> list[Judgement]:
    """What the readers say, one file each; pairs without a preference are left out. Raises EvaluationError."""
    readers = _readers(paths)
    found: dict[tuple[str, int], Judgement] = {}
    for path, reader in zip(paths, readers, strict=True):
        for number, row in enumerate(read_objects(path), start=1):
            if "pair" in row and row.get("prefer") not in {None, ""}:
                one = _judgement(row, reader, key, f"{path}, row {number}")
                found[reader, one.pair] = one
    if not found:
        raise EvaluationError("no pair has a preference; write left, right or equal into `prefer`.")
    return list(found.values())


def _readers(paths: Sequence[Path]) -> list[str]:
    """A name for each file, its own where no other has the same."""
    stems = [path.stem for path in paths]
    return stems if len(set(stems)) == len(stems) else [str(path) for path in paths]


def _judgement(row: dict[str, Any], reader: str, key: Key, place: str) -> Judgement:
    if row.get("sheet") != key.sheet:
        raise EvaluationError(f"{place}: belongs to another sheet than the key.")
    pair = row["pair"]
    if not isinstance(pair, int) or pair not in key.origins:
        raise EvaluationError(f"{place}: the sheet has no such pair.")
    if row["prefer"] not in _CHOICES:
        raise EvaluationError(f"{place}: prefer is none of left, right and equal.")
    return Judgement(
        reader,
        pair,
        cast(Prefer, row["prefer"]),
        _places(row.get("usable_left"), len(key.left[pair]), place),
        _places(row.get("usable_right"), len(key.right[pair]), place),
    )


def _places(value: Any, shown: int, place: str) -> frozenset[int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(one) is int and 1 <= one <= shown for one in value):
        raise EvaluationError(f"{place}: usable ideas are a list of numbers from 1 to {shown}.")
    return frozenset(number - 1 for number in value)
