"""The text as recognisers read it: digits, dashes and spaces in their plain form, nothing invisible."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` in plain form; `origin[i]` is where its character `i` stands in the text as written."""

    text: str
    origin: tuple[int, ...] | None

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text as written that `text[start:end]` stands for."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def plain(text: str) -> Plain:
    """`text` in plain form; ASCII is that already."""
    if text.isascii():
        return Plain(text, None)
    kept = [(position, _plain_character(char)) for position, char in enumerate(text)]
    visible = [(position, char) for position, char in kept if char]
    return Plain("".join(char for _, char in visible), tuple(position for position, _ in visible))


@lru_cache(maxsize=4096)
def _plain_character(char: str) -> str:
    """One character for one, or none for what cannot be seen; others only where their form is compatible."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char
