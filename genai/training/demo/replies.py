"""Reads a model's list answers and measures them; pure functions on text."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_LINE = re.compile(r"^(\d+)\. +(?:\*\*(.+?)\*\*: *)?(.+)$")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_TOO_SIMILAR = 0.85


def ideas_of(reply: str) -> list[tuple[str, str]]:
    """(title, text) of every numbered line; an idea without a title has an empty one."""
    found = (_LINE.match(line.strip()) for line in reply.splitlines())
    return [(match[2] or "", match[3]) for match in found if match]


def is_exact_list(reply: str, count: int) -> bool:
    """Whether the reply is nothing but the lines 1 to `count`, in order."""
    found = [_LINE.match(line.strip()) for line in reply.splitlines() if line.strip()]
    return [int(match[1]) if match else 0 for match in found] == list(range(1, count + 1))


def names_topic(text: str, topic: str) -> bool:
    """Whether the topic stands in the text, in whatever case."""
    return topic.lower() in text.lower()


def distinct_ideas(ideas: Sequence[tuple[str, str]]) -> int:
    """How many ideas share neither title nor nearly their text (similarity over 0.85) with any other."""
    return sum(
        not any(_same(idea, other) for place, other in enumerate(ideas) if place != own)
        for own, idea in enumerate(ideas)
    )


def _same(idea: tuple[str, str], other: tuple[str, str]) -> bool:
    if idea[0] and idea[0].lower() == other[0].lower():
        return True
    first, second = idea[1].lower(), other[1].lower()
    return SequenceMatcher(None, first, second, autojunk=False).ratio() > _TOO_SIMILAR


def uses_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text as a whole word."""
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def lower_case_words(text: str) -> list[str]:
    """The words that a dictionary of common words can judge: no capitals inside a sentence, no digits."""
    return [word for word in _WORD.findall(text) if word.islower()]
