"""What a text attacks, and how much its words weigh against people; words that only look hostile do not count."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from genai.moderation.hostility.attack_forms import INSULTS, ON_GROUPS, THREATS
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

_NOT = words_of("not never nobody don't dont doesn't didn't isn't aren't wasn't weren't no-one")
_NOT_REALLY = words_of("why only just even sure if")
_ME = words_of("i'm im i am was feel feeling we're myself")
_I = words_of("i i'm im i've me my myself we we're")
_BETWEEN = words_of(
    "proud a an the such so just really a bit little kind of total complete the own very being"
)
_OTHERS = words_of("""
    you your u ur ya you're youre yourself he he's she she's him her his hers they they're them
    their those these who people guy guys man men woman women girl girls boy boys kid person dude
    bitch somebody someone bot robot machine computer ai siri alexa program being creature""")
_GOOD = words_of("""
    amazing awesome great good best brilliant beautiful perfect hilarious funny happy nice cool
    delicious incredible excellent fantastic gorgeous proud yeah won win wow yay brave delighted
    lovely fun tasty talented""")
_ABOUT_THINGS = words_of("""
    stupid dumb dumbest pathetic ridiculous worthless useless disgusting dirty filthy nasty gross
    ugly sick rotten crazy insane evil vile horrible terrible awful boring annoying lame toxic fake
    cruel idiotic moronic""")
_DETERMINERS = words_of("a an the this that my such some what any no its our")
_LINKS = words_of(
    """
    and or but so as in of to for on at with is are was were be if when that than then too very"""
)
_NO_THINGS = _LINKS | _OTHERS | _I | NAMES
_SAID_OF_PEOPLE = (WEIGHT_OF["insult"], WEIGHT_OF["slur"])
_NEAR = 3


def blameless(words: Sequence[str]) -> Iterator[int]:
    """The positions of words of the lexicon that attack nobody."""
    to_others = not _OTHERS.isdisjoint(words)
    for at, word in enumerate(words):
        weight = WEIGHTS.get(word, 0.0)
        if word in HARMLESS_SWEARING:
            harmless = not to_others and _is_friendly(words, at)
        elif weight in _SAID_OF_PEOPLE and not to_others and _is_of_myself(words, at):
            harmless = True
        else:
            mild = 0.0 < weight <= WEIGHT_OF["insult"]
            harmless = mild and (_is_rejected(words, at) or _is_of_a_thing(words, at))
        if harmless:
            yield at


def _is_rejected(words: Sequence[str], at: int) -> bool:
    """Whether a negation stands shortly before, as in "do not hate"; "why not" and "not only" reject nothing."""
    for position in range(max(0, at - _NEAR), at):
        if words[position] in _NOT:
            return _NOT_REALLY.isdisjoint(words[max(0, position - 1) : position + 2])
    return False


def _is_of_myself(words: Sequence[str], at: int) -> bool:
    """Whether it is said of the writer, as in "I'm such an idiot"."""
    before = at - 1
    while before >= 0 and words[before] in _BETWEEN:
        before -= 1
    return before >= 0 and words[before] in _ME and not _I.isdisjoint(words[max(0, before - 1) : before + 1])


def _is_friendly(words: Sequence[str], at: int) -> bool:
    """Whether swearing strengthens a word of praise, as in "so fucking good"."""
    return not _GOOD.isdisjoint(words[max(0, at - 4) : at + 6])


def _is_of_a_thing(words: Sequence[str], at: int) -> bool:
    """Whether an adjective stands before the name of a thing, as in "a stupid mistake"."""
    if words[at] not in _ABOUT_THINGS or at + 1 == len(words):
        return False
    if _DETERMINERS.isdisjoint(words[max(0, at - 2) : at]):
        return False
    after = words[at + 1]
    return after not in _NO_THINGS and WEIGHTS.get(after, 0.0) <= 0.0


def is_at_nobody(words: Sequence[str]) -> bool:
    """Whether `words` swear in the way of friends, and no person or group is there to be sworn at."""
    suspects = [word for word in words if WEIGHTS.get(word, 0.0) > 0.0]
    return HARMLESS_SWEARING.issuperset(suspects) and _OTHERS.isdisjoint(words) and NAMES.isdisjoint(words)


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
