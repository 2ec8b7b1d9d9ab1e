"""Different people, different ideas: what others were given about a topic, and the part of Riff that is still free.

What others were given stays here: it is compared with, and is told neither to a model nor to anybody.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.domain import Brief, Idea, Place, Task
from bot.core.ideas import comparable, is_same
from genai.likeness.measure import likeness
from genai.methods import Part
from genai.reranking.settings import RerankingSettings
from genai.text import terms
from storage.repositories import Repositories
from storage.values.records import GivenIdea, Scope

KEPT_APART = frozenset({Task.BRAINSTORM, Task.NAME, Task.SLOGAN})
"""Not recommendations, which go by what others liked."""
LOOKED_AT = 1000
"""Ideas of a workspace, the newest, among which those about the topic are looked for."""
_MOST = 200
"""Ideas about a topic that are not given again: so many that methods of the deck are always left."""
_ALIKE = 0.5
"""Least share of all words of two topics that are the same for the topics to be like each other."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What keeps one list apart from those of others: ideas not to give again, and where to begin."""

    given: tuple[Idea, ...] = ()
    part: Part | None = None


class DifferentPeople:
    """Looks up what keeps a list apart; shared by all prompts."""

    def __init__(self, repositories: Repositories, settings: RerankingSettings, seed: int | None) -> None:
        self._repositories = repositories
        self._is_on = settings.different_people and seed is None

    async def apart(self, person_id: int, place: Place, brief: Brief) -> Apart:
        """From what the others of the workspace were given for a like topic; nothing where there is no workspace."""
        if not self._is_on or not place.workspace or brief.task not in KEPT_APART:
            return Apart()
        workspace = Scope(place.platform, place.workspace)
        name = _name_of(brief)
        number = await self._repositories.allotments.next(workspace, name)
        ideas = await self._repositories.ideas.given_to_others(
            person_id, workspace, [brief.task.value], LOOKED_AT
        )
        alike = await asyncio.to_thread(about, brief.subject, ideas)
        given = tuple(Idea(0, one.title, one.body) for one in alike[:_MOST])
        return Apart(given, Part(number, int(name[:12], 16)))


def about(topic: str, ideas: Sequence[GivenIdea]) -> list[GivenIdea]:
    """The ideas that were given for a topic like this one, in their order; blocking."""
    words, name = _stems(topic), topic.strip().casefold()
    like: set[str] = set()
    for one in {idea.topic for idea in ideas}:
        others = _stems(one)
        shared, together = len(words & others), len(words | others)
        if shared >= _ALIKE * together if words and others else one.strip().casefold() == name:
            like.add(one)
    return [idea for idea in ideas if idea.topic in like]


def _name_of(brief: Brief) -> str:
    """The same for the same words in whatever order and ending, and for one task; it does not show them."""
    words = sorted(_stems(brief.subject)) or [brief.subject.strip().casefold()]
    return hashlib.sha256("\n".join((brief.task.value, *words)).encode()).hexdigest()


def _stems(text: str) -> frozenset[str]:
    """The beginnings of its words, and the pairs of characters of words that are written without spaces."""
    found = frozenset(terms(text))
    return frozenset(one for one in found if one.endswith("-") or f"{one[:5]}-" not in found)


class Given:
    """Tells whether an idea is one that others were given; blocking."""

    def __init__(self, ideas: Sequence[Idea], subject: str, settings: RerankingSettings) -> None:
        self._ideas = ideas
        self._subject = subject
        self._settings = settings

    async def new_of(self, ideas: Sequence[Idea]) -> list[Idea]:
        """Those of `ideas` that nobody else was given."""
        return await asyncio.to_thread(self._new_of, ideas) if self._ideas else list(ideas)

    def _new_of(self, ideas: Sequence[Idea]) -> list[Idea]:
        fresh = [idea for idea in ideas if not any(is_same(idea, other) for other in self._ideas)]
        if not fresh:
            return []
        measure = likeness(self._settings.similarity_model)
        limit = self._settings.duplicate_threshold or measure.thresholds.duplicate
        alike = measure.pairwise(
            [comparable(idea, self._subject) for idea in fresh],
            [comparable(other, self._subject) for other in self._ideas],
        )
        return [idea for idea, like in zip(fresh, alike, strict=True) if float(like.max()) < limit]
