"""Random briefs: tasks, counts, tones, audiences and the other wishes that the system prompt names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from genai.prompts import LENGTHS, TECHNIQUES, TONES, Brief, Preferences, Task
from genai.training.corpus.library import Library
from genai.training.corpus.topics import invented_word, make_topic

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
