"""Finds forms of sentences that threaten a person, insult one or attack a group."""

import re
from functools import cache

from genai.moderation.hostility.forms import INSULTS, ON_GROUPS, THREATS
from genai.moderation.hostility.grammar import fill
from genai.moderation.hostility.groups import marked
from genai.moderation.hostility.quoting import is_set_apart

REPORTED_SHARE = 0.3
"""What is left of a score where the sentence reports or rejects the attack."""

_KINDS = {"identity_attack": ON_GROUPS, "threat": THREATS, "insult": INSULTS}


@cache
def _compiled(kind: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((score, re.compile(fill(pattern))) for score, pattern in _KINDS[kind])


def attacks(text: str, words: frozenset[str]) -> dict[str, float]:
    """The highest score of each kind of attack in lower-case `text`, whose words are `words`."""
    about_groups = marked(text, words)
    return {
        "identity_attack": _highest("identity_attack", about_groups) if about_groups else 0.0,
        "threat": _highest("threat", text),
        "insult": _highest("insult", text),
    }


def _highest(kind: str, text: str) -> float:
    found = (
        score * (REPORTED_SHARE if is_set_apart(text, match.start(), match.end()) else 1.0)
        for score, pattern in _compiled(kind)
        for match in pattern.finditer(text)
    )
    return max(found, default=0.0)
