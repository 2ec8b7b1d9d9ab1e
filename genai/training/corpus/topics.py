"""Topics that a person might type: the written ones, combinations of their parts, and made-up words.

Copying an unseen topic is only learnt from very many different ones, so most are combined.
"""

import re
import string
from collections.abc import Callable
from functools import lru_cache
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
    "{adjective} {noun} for {group}",
    "a {adjective} {noun} {noun}",
    "{activity} {adjective} {plural}",
    "{activity} {plural} with {group}",
    "a {noun} of {adjective} {plural}",
    "{plural} from {invented}",
    "my {noun}'s {noun}",
    "{noun}-{adjective} {plural}",
    "{spliced}",
    "{spliced}",
    "{spliced} {plural}",
    "{spliced} {spliced}",
    "a {spliced} {noun}",
    "{adjective} {spliced}",
    "{spliced} for {spliced}",
    "{activity} {spliced}",
    "a {noun} of {spliced}",
    "the {spliced} {spliced}",
    "{adjective} {spliced} {noun}",
    "{code} {plural}",
    "{code} {noun} {spliced}",
    "a {code} {noun}",
)


def invented_word(rng: Random) -> str:
    """A pronounceable word of one to four syllables that no dictionary holds (except by chance)."""
    syllables = rng.choices((1, 2, 3, 4), weights=(2, 5, 3, 1))[0]
    word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables))
    return rng.choice((str.lower, str.lower, str.capitalize))(word)


def spliced_word(library: Library, rng: Random) -> str:
    """The head of one word and the tail of another: looks English, and has to be copied letter by letter."""
    words = _words(library)
    head, tail = rng.choice(words), rng.choice(words)
    return head[: rng.randint(2, max(2, len(head) - 1))] + tail[-rng.randint(2, max(2, len(tail) - 1)) :]


def code_word(rng: Random) -> str:
    """Letters and digits, such as 4K or B2C."""
    letters = "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.choice((1, 1, 2, 3))))
    return rng.choice(("{0}{1}", "{1}{0}", "{0}{1}{2}")).format(
        rng.randint(1, 99), letters, rng.choice(string.ascii_uppercase)
    )


def make_topic(library: Library, rng: Random) -> str:
    """A topic for a training example; never one of the held-out topics."""
    while True:
        written = not library.combines_topics or rng.random() < 0.3
        topic = rng.choice(library.topics) if written else _combined(library, rng)
        topic = _recased(topic, rng)
        if not any(held_out in topic.lower() for held_out in _held_out(library)):
            return topic


def bare(topic: str) -> str:
    """The topic without a leading article or possessive."""
    return re.sub(r"^(an?|the|our|my) ", "", topic, flags=re.IGNORECASE)


@lru_cache(maxsize=4)
def _cached_words(parts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(
        sorted({word for part in parts for entry in part for word in re.findall("[a-z]{3,}", entry.lower())})
    )


def _words(library: Library) -> tuple[str, ...]:
    return _cached_words((library.topics, *library.parts.values(), *library.words.values()))


def _held_out(library: Library) -> frozenset[str]:
    return frozenset(topic.lower() for topic in library.held_out)


def _combined(library: Library, rng: Random) -> str:
    form = rng.choice(_COMBINATIONS)
    while "{invented}" in form:
        form = form.replace("{invented}", invented_word(rng), 1)
    while "{spliced}" in form:
        form = form.replace("{spliced}", spliced_word(library, rng), 1)
    form = form.replace("{code}", code_word(rng))
    return expand(form, library.parts, {}, rng)


def _recased(topic: str, rng: Random) -> str:
    changes: tuple[Callable[[str], str], ...] = (str, str.capitalize, str.title, str.upper, str.lower)
    change = rng.choices(changes, weights=(84, 6, 4, 2, 4))[0]
    return change(topic)
