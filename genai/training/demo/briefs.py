"""Random topics and briefs as a person might type them.

Copying an unseen topic is only learnt from very many different ones, so most are combined.
"""

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from genai.prompts import LENGTHS, TECHNIQUES, TONES, Brief, Preferences, Task
from genai.training.demo.library import Library, expand

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


# Random briefs: tasks, counts, tones, audiences and the other wishes that the system prompt names.


TASK_WEIGHTS = {
    Task.BRAINSTORM: 36,
    Task.SLOGAN: 10,
    Task.NAME: 7,
    Task.RECOMMEND: 6,
    Task.COPY: 6,
    Task.AD: 6,
    Task.DESIGN: 5,
    Task.IMPROVE: 5,
    Task.COMBINE: 5,
    Task.CRITIQUE: 5,
    Task.CHAT: 9,
}


@dataclass(frozen=True, slots=True)
class Mix:
    """How often which task and which wish are drawn."""

    tasks: Mapping[Task, int]
    chats: tuple[int, int, int, int] = (30, 20, 35, 15)
    """Weights of small talk, what is beyond the model, requests for a list, and requests for more."""
    avoided: float = 0.2
    """Probability of don't-words."""
    technique: float = 0.3


BROAD = Mix(TASK_WEIGHTS)
POLISH = Mix(
    {**TASK_WEIGHTS, Task.CHAT: 40, Task.BRAINSTORM: 45},
    chats=(50, 30, 14, 6),
    avoided=0.45,
    technique=0.45,
)
"""What is rare in the broad mix, small talk above all, so that the last steps do not leave it half learnt."""
_COUNT_WEIGHTS = (6, 6, 10, 9, 13, 8, 8, 8, 7, 7, 7, 7)
_ROLES = ("teacher", "nurse", "founder", "designer", "engineer", "marketer", "student", "manager", "chef")
_VOICES = (
    "warm and direct",
    "dry and precise",
    "cheerful",
    "calm",
    "expert but friendly",
    "short and confident",
)
_LANGUAGES = ("English", "en", "British English")


def make_brief(library: Library, rng: Random, task: Task | None = None, mix: Mix = BROAD) -> Brief:
    """One random brief; `task` fixes the task."""
    chosen = task or rng.choices(list(mix.tasks), weights=list(mix.tasks.values()))[0]
    brief = Brief(
        task=chosen,
        subject=make_topic(library, rng),
        count=rng.choices(range(1, 13), weights=_COUNT_WEIGHTS)[0],
        preferences=_preferences(library, rng, mix),
    )
    if chosen is Task.BRAINSTORM and rng.random() < mix.technique:
        return replace(brief, technique=rng.choice(TECHNIQUES))
    return brief


def _preferences(library: Library, rng: Random, mix: Mix) -> Preferences:
    def sometimes(probability: float, options: tuple[str, ...]) -> str:
        return rng.choice(options) if rng.random() < probability else ""

    words = library.words
    return Preferences(
        tone=sometimes(0.6, TONES),
        length=sometimes(0.3, LENGTHS),
        audience=_audience(library, rng) if rng.random() < 0.3 else "",
        role=sometimes(0.12, _ROLES),
        language=sometimes(0.1, _LANGUAGES),
        interests=_several(words["interest"], rng) if rng.random() < 0.15 else (),
        brand_voice=sometimes(0.08, _VOICES),
        use_words=_wanted_words(library, rng) if rng.random() < 0.1 else (),
        avoid_words=_avoided_words(library, rng) if rng.random() < mix.avoided else (),
    )


def _audience(library: Library, rng: Random) -> str:
    group = rng.choice((*library.words["audience"], *library.parts["group"]))
    return f"{invented_word(rng)} {group.split()[-1]}" if rng.random() < 0.15 else group


def _several(options: tuple[str, ...], rng: Random) -> tuple[str, ...]:
    return tuple(rng.sample(options, k=min(len(options), rng.choice((1, 1, 2, 3)))))


def _avoided_words(library: Library, rng: Random) -> tuple[str, ...]:
    """Mostly words that the corpus is full of, so that keeping away from them shows."""
    if rng.random() < 0.7:
        return _several(library.words["avoid"], rng)
    return _several((*library.parts["adjective"], *library.parts["mass"], *library.parts["noun"]), rng)


def _wanted_words(library: Library, rng: Random) -> tuple[str, ...]:
    options = (*library.parts["adjective"], *library.parts["mass"], *library.parts["noun"])
    words = rng.sample(options, k=rng.choice((1, 1, 2)))
    return tuple(invented_word(rng) if rng.random() < 0.1 else word for word in words)
