"""Runs of digit groups, which numbers of people are written in, and words beside them that announce them.

Words after a number count only where `borders` cuts no stream between the two.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RUN = re.compile(r"(?<!\w)[+( ]{0,3}\d[\d ().\-/\n]*+")
_GROUP = re.compile(r"\d+")
LONGEST_RUN = 40
"""Groups of a run that are looked at together; a table of numbers is no single number."""


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a separator, and the separator before them."""

    start: int
    end: int
    digits: str
    before: str


def runs(text: str) -> Iterator[list[Group]]:
    """The digit groups of `text` that stand next to each other, split where the separator is no separator."""
    for run in _RUN.finditer(text):
        groups: list[Group] = []
        end = run.start()
        for match in _GROUP.finditer(text, run.start(), run.end()):
            before = text[end : match.start()]
            if groups and (len(before) > 3 or len(groups) == LONGEST_RUN):
                yield groups
                groups = []
            groups.append(Group(match.start(), match.end(), match.group(), before))
            end = match.end()
        yield groups


def stretches(groups: Sequence[Group], fewest: int, most: int) -> Iterator[Sequence[Group]]:
    """Neighbouring groups with `fewest` to `most` digits in all, leftmost first and of those the longest."""
    for first in range(len(groups)):
        digits, ends = 0, []
        for last in range(first, len(groups)):
            digits += len(groups[last].digits)
            if digits > most:
                break
            if digits >= fewest:
                ends.append(last + 1)
        yield from (groups[first:end] for end in reversed(ends))


def joined(groups: Sequence[Group]) -> str:
    """The digits of `groups` without separators."""
    return "".join([group.digits for group in groups])


def separators(groups: Sequence[Group]) -> set[str]:
    """The separators between `groups`, a line break counted as a space."""
    return {group.before.replace("\n", " ") for group in groups[1:]}


# Words beside a number that say what it is.


REACH = 48
"""Characters before a number in which a word can speak for it."""


def announced(text: str, start: int, words: re.Pattern[str]) -> bool:
    """Whether one of `words` stands shortly before `start`."""
    return bool(words.search(text, max(0, start - REACH), start))


_REACH_AFTER = 40
_SENTENCE_END = re.compile(r"[.!?\n]")


def announced_after(text: str, end: int, words: re.Pattern[str]) -> bool:
    """Whether one of `words` stands shortly after `end`, in the same sentence."""
    stop = _SENTENCE_END.search(text, end, end + _REACH_AFTER)
    return bool(words.search(text, end, stop.start() if stop else end + _REACH_AFTER))
