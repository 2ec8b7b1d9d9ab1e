"""Takes the meaning out of marked-up text with a character that nobody sees."""

import re
from collections.abc import Iterable

BREAK = "\u200b"
"""ZERO WIDTH SPACE: what is parted by it is no longer read as one mark."""

LOOK_BACK = 40
"""Characters of earlier text in which a mark may have begun."""

Rule = re.Pattern[str]
"""Matches a mark, which is broken after its first character; a group says where one ends that may overlap."""


def broken(text: str, before: str, rules: Iterable[Rule]) -> str:
    """`text` with every mark broken that is in it or that ends in it after the text shown `before`."""
    early = before[-LOOK_BACK:]
    joined = early + text
    places = {
        max(match.start() + 1, len(early))
        for rule in rules
        for match in rule.finditer(joined)
        if match.end(match.lastindex or 0) > len(early)
    }
    pieces, position = [], len(early)
    for place in sorted(places):
        pieces += [joined[position:place], BREAK]
        position = place
    return "".join([*pieces, joined[position:]])


def closed_fences(text: str) -> str:
    """`text` whose last code block is closed, so that what follows it is not part of the block."""
    return f"{text.rstrip()}\n```" if text.count("```") % 2 else text


_TICKS = re.compile(r"(?=(``))")


def without_fences(text: str, before: str = "") -> str:
    """`text` that cannot end a code block it is put in."""
    return broken(text, before, (_TICKS,))
