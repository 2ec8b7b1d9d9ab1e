"""What a text attacks, and how much its words weigh against people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from genai.moderation.hostility.attack_forms import INSULTS, ON_GROUPS, THREATS
from genai.moderation.hostility.blameless import blameless, is_at_nobody
from genai.moderation.hostility.grammar import fill, is_reported, is_set_apart
from genai.moderation.hostility.lexicon import (
    HARMLESS_SWEARING,
    NAMES,
    WEIGHT_OF,
    WEIGHTS,
    marked,
    unnamed,
    words_of,
)

_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")
_WORD = re.compile(r"[a-z][a-z'\-]*|@\w+")
_SUSPECT = frozenset(WEIGHTS) | HARMLESS_SWEARING
_PERSON = words_of("you your u ur ya youre you're yourself he she his her him they them")
_YOU = words_of("you your u ur you're youre he she he's she's")

_DIRECTED = 1.6
_HIGHEST = 8.0
_REACH = 5
"""Words between a word that hurts and whom it is said to."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`seen` by a model of words; `weight` of the lexicon's words as log-odds of being toxic; all the `words`.

    `at_nobody` where the text swears, if at all, at nobody.
    """

    seen: str
    weight: float
    words: frozenset[str]
    at_nobody: bool


def read_words(text: str) -> Reading:
    """The reading of lower-case `text`."""
    parts = [_read_sentence(sentence) for sentence in _SENTENCE.findall(text)]
    weight = sum(part.weight for part in parts)
    return Reading(
        "".join(part.seen for part in parts),
        min(weight, _HIGHEST),
        frozenset().union(*(part.words for part in parts)),
        _swears(parts) and all(part.at_nobody for part in parts),
    )


def _swears(parts: Sequence[Reading]) -> bool:
    return any(not HARMLESS_SWEARING.isdisjoint(part.words) for part in parts)


def _read_sentence(sentence: str) -> Reading:
    words = _WORD.findall(sentence)
    known = frozenset(words)
    if _SUSPECT.isdisjoint(known) and NAMES.isdisjoint(known):
        return Reading(sentence, 0.0, known, at_nobody=True)
    names_group = not NAMES.isdisjoint(known)
    harmless = set(blameless(words))
    if names_group and is_reported(sentence):
        harmless |= {
            at for at, word in enumerate(words) if 0.0 < WEIGHTS.get(word, 0.0) < WEIGHT_OF["attack"]
        }
    guilty = [word if at not in harmless else "" for at, word in enumerate(words)]
    seen = " ".join(guilty) + " " if harmless else sentence
    if names_group and _YOU.isdisjoint(known):
        seen = unnamed(seen)
    return Reading(seen, weigh(guilty), known, is_at_nobody(words))


def weigh(words: Sequence[str]) -> float:
    """The sum of the weights of `words`, more where harsh ones are said to someone."""
    weights = [(at, WEIGHTS[word]) for at, word in enumerate(words) if word in WEIGHTS]
    harsh = [at for at, weight in weights if weight >= WEIGHT_OF["hostile"]]
    directed = any(_is_person(word) for at in harsh for word in words[max(0, at - _REACH) : at + _REACH + 1])
    return sum(weight for _, weight in weights) + (_DIRECTED if directed else 0.0)


def _is_person(word: str) -> bool:
    return word in _PERSON or word.startswith("@")


# Finds forms of sentences that threaten a person, insult one or attack a group.


REPORTED_SHARE = 0.3
"""What is left of a score where the sentence reports or rejects the attack."""

_KINDS = {"identity_attack": ON_GROUPS, "threat": THREATS, "insult": INSULTS}


@cache
def _compiled(kind: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((score, re.compile(fill(pattern))) for score, pattern in _KINDS[kind])


def found_attacks(text: str, words: frozenset[str]) -> dict[str, float]:
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
