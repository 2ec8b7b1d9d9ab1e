"""The first fenced block of a text. Read line by line, for a pattern that seeks the end of each is slow on many.

https://spec.commonmark.org/0.31.2/#fenced-code-blocks
"""

import re
from dataclasses import dataclass

_MARK = re.compile(r"^[ \t]{0,40}+(?P<mark>`{3,}+|~{3,}+)(?P<after>[^\n]*+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fenced:
    """Where a fenced block stands in its text, and what is inside its fences."""

    start: int
    inside_start: int
    inside: str
    end: int


def first_fenced(text: str, *, unfinished: bool = False) -> Fenced | None:
    """The first block between fences; if `unfinished`, also one that the text ends in."""
    marks = list(_MARK.finditer(text))
    hopeless: set[str] = set()
    for at, opener in enumerate(marks):
        mark = opener["mark"]
        begins = min(opener.end() + 1, len(text))
        if "`" in opener["after"] or mark in hopeless:
            continue
        closer = next((one for one in marks[at + 1 :] if one["mark"].startswith(mark)), None)
        if closer is not None:
            inside = text[begins : max(begins, closer.start() - 1)]
            return Fenced(opener.start(), begins, inside, closer.start("after"))
        if unfinished:
            return Fenced(opener.start(), begins, text[begins:], len(text))
        hopeless.add(mark)
    return None
