"""Words by which answers are read, a file for each language: `en.toml`, `zh.toml` and so on.

A phrase is a part of a regular expression without groups that capture; in headings and labels it stands for the whole
of one, elsewhere for a beginning. Another language is another file with the same tables; a table may be missing.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Table = Literal["courtesies", "headings", "marks"]


@cache
def _files() -> tuple[Mapping[str, Any], ...]:
    folder = Path(__file__).parent
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.toml")))


def phrases(table: Table, kind: str) -> str:
    """The phrases of one kind in every language, as alternatives of one pattern."""
    found = [phrase for file in _files() for phrase in file.get(table, {}).get(kind, ())]
    return "|".join(sorted(found, key=len, reverse=True))


@cache
def pattern(table: Table, kind: str) -> re.Pattern[str]:
    """A pattern of the phrases of one kind."""
    return re.compile(rf"(?:{phrases(table, kind)})", re.IGNORECASE)


@cache
def labels() -> Mapping[str, tuple[str, ...]]:
    """What the labels of Riff's own forms may be called, by their names in English; each in every language."""
    found: dict[str, list[str]] = {}
    for file in _files():
        for label, others in file.get("labels", {}).items():
            found.setdefault(label, []).extend(others)
    return {label: tuple(others) for label, others in found.items()}
