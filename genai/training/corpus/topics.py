"""Topics that a person might type: the written ones, combinations of their parts, and made-up words.

Copying an unseen topic is only learnt from very many different ones, so most are combined.
"""

import re
from collections.abc import Callable
from random import Random

from genai.training.corpus.expand import expand
from genai.training.corpus.library import Library

_ONSETS = tuple(
    re.findall(r"\w+", "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sh st t th tr v w y z")
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ee", "oo", "ou", "ia", "y")
_CODAS = ("", "", "", "n", "r", "l", "m", "x", "t", "ck", "sh", "nd", "lt", "s", "p", "ng")
_COMBINATIONS = (
    "{adjective} {plural}",
    "{adjective} {mass}",
    "a {adjective} {noun}",
    "a {noun} {noun}",
    "a {noun} for {group}",
    "{noun} {plural}",
    "{plural} for {group}",
    "{adjective} {noun} {plural}",
    "{activity} {plural}",
    "{activity} {mass}",
    "{activity} with {group}",
    "{mass} for {group}",
    "our {noun}",
    "my {adjective} {noun}",
    "the {noun} {noun}",
    "the {adjective} {noun}",
    "{mass} and {plural}",
    "{invented}",
    "{invented}",
    "{invented} {plural}",
    "{adjective} {invented}",
    "a {noun} called {invented}",
    "the {invented} {noun}",
    "{invented} {invented}",
    "{invented} for {group}",
    "{adjective}",
    "{noun}",
    "{noun} {mass}",
)


def invented_word(rng: Random) -> str:
    """A pronounceable word of one to four syllables that no dictionary holds (except by chance)."""
    syllables = rng.choices((1, 2, 3, 4), weights=(2, 5, 3, 1))[0]
    word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables))
    return rng.choice((str.lower, str.lower, str.capitalize))(word)


def make_topic(library: Library, rng: Random) -> str:
    """A topic for a training example; never one of the held-out topics."""
    while True:
        written = rng.random() < 0.3
        topic = rng.choice(library.topics) if written else _combined(library, rng)
        topic = _recased(topic, rng)
        if topic.lower() not in _held_out(library):
            return topic


def bare(topic: str) -> str:
    """The topic without a leading article or possessive."""
    return re.sub(r"^(an?|the|our|my) ", "", topic, flags=re.IGNORECASE)


def _held_out(library: Library) -> frozenset[str]:
    return frozenset(topic.lower() for topic in library.held_out)


def _combined(library: Library, rng: Random) -> str:
    form = rng.choice(_COMBINATIONS)
    while "{invented}" in form:
        form = form.replace("{invented}", invented_word(rng), 1)
    return expand(form, library.parts, {}, rng)


def _recased(topic: str, rng: Random) -> str:
    changes: tuple[Callable[[str], str], ...] = (str, str.capitalize, str.title, str.upper, str.lower)
    change = rng.choices(changes, weights=(84, 6, 4, 2, 4))[0]
    return change(topic)
