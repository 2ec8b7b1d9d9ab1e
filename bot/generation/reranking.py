"""Quality control: the right number of distinct ideas, no don't-words, nothing over its length.

Works on text as the model writes it, before moderation. Knows nothing of channels or storage.
"""

import asyncio
import math
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from bot.core.domain import Brief, Idea, Task
from bot.core.ideas import comparable, is_same, parse_idea
from genai.request import Delta
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.settings import RerankingSettings
from genai.taste import Taste
from genai.text import embedder

ATTEMPTS = 4
"""How often the model is asked before an incomplete list is accepted."""

Generate = Callable[[Brief, int], AsyncGenerator[str]]
"""Text deltas for a brief, closed by a line end when the model finished by itself.

The number is the attempt, which changes the seed.
"""

Candidates = Callable[[Brief, int, int, tuple[str, ...]], AsyncGenerator[Delta]]
"""Deltas of several candidates for a brief, side by side: brief, attempt, how many, further stop strings."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """How ideas are chosen, what the channel has seen already, its subject left out, and whom they should please.

    With a `seed` the taste is drawn from repeatably.
    """

    settings: RerankingSettings = field(default_factory=RerankingSettings)
    seen: tuple[str, ...] = ()
    taste: Taste | None = None
    seed: int | None = None


def breaks_rules(text: str, brief: Brief) -> bool:
    """Whether `text` has one of the brief's don't-words, or is longer than it may be."""
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return True
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        for word in brief.preferences.avoid_words
    )


class Reranker:
    """Has more ideas written than are asked for and chooses; each tells the reason that it was chosen for.

    Candidates are looked at in the order of their numbers, not in that in which they end, so that short ones
    have no advantage and a seed gives the same list again. The first idea is chosen as soon as its share of the
    candidates is there, and the last one when all are: any first part of a Sobol sequence is spread evenly, so
    every choice is made among different ideas.
    """

    def __init__(self, brief: Brief, candidates: Candidates, choosing: Choosing) -> None:
        self._brief = brief
        self._candidates = candidates
        self._settings = choosing.settings
        self._choosing = choosing
        self._kept: list[Idea] = []

    async def ideas(self) -> AsyncGenerator[Idea]:
        """Exactly `brief.count` distinct ideas where the model has them, each as soon as it is chosen.

        Raises what the candidates raise.
        """
        ranking = await asyncio.to_thread(self._ranking)
        for attempt in range(ATTEMPTS):
            missing = self._brief.count - len(self._kept)
            async with aclosing(self._round(ranking, attempt, missing)) as chosen:
                async for idea in chosen:
                    yield idea
            if len(self._kept) == self._brief.count:
                return

    def _ranking(self) -> Ranking[Idea]:
        taste = self._choosing.taste
        return Ranking[Idea](
            embedder(self._settings.similarity_model),
            self._settings,
            seen=self._choosing.seen,
            taste=taste.sample(self._choosing.seed) if taste else None,
        )

    async def _round(self, ranking: Ranking[Idea], attempt: int, missing: int) -> AsyncGenerator[Idea]:
        each = self._settings.ideas_per_candidate
        count = math.ceil(missing * self._settings.candidates / each)
        texts = _Texts(count)
        titles = (*self._brief.already, *(idea.title or idea.body for idea in self._kept))
        asked = replace(self._brief, count=max(missing, each), already=titles)
        stop = (f"\n{each + 1}.",) if asked.count > each else ()
        choices = 0
        async with aclosing(self._candidates(asked, attempt, count, stop)) as deltas:
            async for delta in deltas:
                texts.add(delta)
                while choices < missing and texts.finished >= _share(count, choices + 1, missing):
                    choices += 1
                    if idea := await self._next(ranking, texts.take(_share(count, choices, missing))):
                        yield idea
        while len(self._kept) < self._brief.count and (idea := await self._next(ranking, texts.take(count))):
            yield idea

    async def _next(self, ranking: Ranking[Idea], fresh: Sequence["_Text"]) -> Idea | None:
        """The best idea of those that wait and of `fresh` texts; None when they hold nothing new."""
        ready = [candidate for text in fresh for candidate in text.candidates(self._brief)]
        await asyncio.to_thread(ranking.add, ready)
        while found := await asyncio.to_thread(ranking.best):
            idea, reason = found
            if not any(is_same(idea, other) for other in self._kept):
                self._kept.append(replace(idea, position=len(self._kept) + 1, why=reason))
                return self._kept[-1]
        return None


@dataclass(slots=True)
class _Text:
    """One candidate as it grows; its last delta tells its score."""

    words: str = ""
    last: Delta | None = None

    def candidates(self, brief: Brief) -> list[Candidate[Idea]]:
        """Its complete ideas that keep to the brief's rules; a line that was cut off is none."""
        *lines, unfinished = self.words.split("\n")
        if self.last and self.last.finish == "stop":
            lines.append(unfinished)
        mean = self.last.mean_log_probability if self.last else None
        agreement = self.last.agreement if self.last else None
        ideas = [idea for line in lines if (idea := parse_idea(line, 1)) and _is_wanted(idea, brief)]
        return [Candidate(idea, comparable(idea, brief.subject), mean, agreement) for idea in ideas]


class _Texts:
    """All candidates of one round, taken in order."""

    def __init__(self, count: int) -> None:
        self._texts = [_Text() for _ in range(count)]
        self._taken = 0

    def add(self, delta: Delta) -> None:
        text = self._texts[delta.candidate]
        text.words += delta.text
        if delta.finish:
            text.last = delta

    @property
    def finished(self) -> int:
        """How many have ended without a gap, from the first."""
        return next((n for n, text in enumerate(self._texts) if not text.last), len(self._texts))

    def take(self, end: int) -> list[_Text]:
        """Those before number `end` that were not taken yet."""
        taken, self._taken = self._texts[self._taken : end], max(end, self._taken)
        return taken


def _share(candidates: int, choice: int, choices: int) -> int:
    """How many candidates must be there for the given one of several choices."""
    return math.ceil(candidates * choice / choices)


async def within_rules(brief: Brief, generate: Generate) -> str | None:
    """The first whole text that keeps to the brief's rules, or None after the last attempt."""
    for attempt in range(ATTEMPTS):
        async with aclosing(generate(brief, attempt)) as deltas:
            text = "".join([delta async for delta in deltas]).strip()
        if text and not breaks_rules(text, brief):
            return text
    return None


def _is_wanted(idea: Idea, brief: Brief) -> bool:
    if not idea.body and not idea.title:
        return False
    text = (idea.title or idea.body) if brief.task is Task.NAME else f"{idea.title}: {idea.body}".strip(": ")
    if brief.max_characters is not None and len(text) > brief.max_characters:
        return False
    return not breaks_rules(f"{idea.title} {idea.body}", replace(brief, max_characters=None))
