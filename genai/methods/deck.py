"""Reads the deck: one plain file for each language, with the same methods in the same order; and deals it in parts."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

LANGUAGES = ("en", "zh")
PARTS = 10
"""Parts of the deck; ten requests in a row have no method in common."""
_SHARES = 64
"""Shares of a Sobol sequence; the points of more would lie closer together than is followed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Method:
    """One way to make something happen.

    It `fits` where, does `not_fit` where; `begins` is how an idea's sentence begins, `angle` what to look for.
    """

    id: str
    kind: str
    name: str
    fits: str
    not_fit: str
    begins: str
    angle: str

    def opening(self, number: int) -> str:
        """How the line of a list begins that uses this method."""
        return f"{number}. **{self.name}**: {self.begins}"


@cache
def deck(language: str = "en") -> tuple[Method, ...]:
    """All methods in a language, a tag such as "zh-Hans"; English where there is no deck in it."""
    primary = language.partition("-")[0].lower()
    kinds = {one["id"]: one["kind"] for one in _read("en")}
    return tuple(
        Method(
            id=one["id"],
            kind=kinds[one["id"]],
            name=one["name"],
            fits=one["fits"],
            not_fit=one["not"],
            begins=one["begins"],
            angle=one["angle"],
        )
        for one in _read(primary if primary in LANGUAGES else "en")
    )


def _read(language: str) -> list[dict[str, str]]:
    file = Path(__file__).with_name(f"{language}.toml")
    read: list[dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))["method"]
    return read


# Parts, so that two who ask about the same thing do not begin in the same place.


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the `number`-th request, from 0, about one thing; `seed` is the same for all about that thing."""

    number: int
    seed: int

    @property
    def share(self) -> int:
        """Which share of a Sobol sequence is its own."""
        return self.number % _SHARES

    def of(self, items: Sequence[T]) -> list[T]:
        """A tenth of `items`, which the nine requests before and after have not got; in an order of chance."""
        mixed = Random(self.seed).sample(items, len(items))
        return mixed[self.number % PARTS :: PARTS]
