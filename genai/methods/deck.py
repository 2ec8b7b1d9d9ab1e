"""Reads the deck: one plain file for each language, with the same methods in the same order."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")


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
