"""Quality control: the right number of distinct ideas, no don't-words, nothing over its length.

Works on text as the model writes it, before moderation. Knows nothing of channels or storage.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from bot.core.domain import Brief, Idea
from bot.core.ideas import comparable, is_same
from bot.generation.different_people import Apart, Given
from bot.generation.idea_lists import IdeaList, breaks_rules, is_wanted
from genai.likeness.measure import likeness
from genai.methods import Line
from genai.prompts import Task
from genai.request import Delta
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.reasons import ANY, Kind
from genai.reranking.settings import RerankingSettings
from genai.taste import Taste

REQUESTS = 3
"""The most requests for one list: the first, and those for what is missing of it."""

Generate = Callable[[Brief, int], AsyncGenerator[str]]
"""Text deltas for a brief; the number is the attempt, which changes the seed."""

Lists = Callable[[Brief, int, int], AsyncGenerator[Delta]]
"""Deltas of several whole lists for a brief, side by side: brief, attempt, how many."""

Rated = Callable[[Idea], Line | None]
"""The idea as the line that a model inside Riff wrote and rated; None where it did not."""

_JUDGED_BY_WORDS = frozenset({Task.BRAINSTORM, Task.RECOMMEND})
"""Names and slogans need not have the words of what they are for."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """How ideas are chosen, what the channel has seen already, its subject left out, and whom they should please.

    `apart` is what keeps them apart from those of other people. With a `seed` the taste is drawn from repeatably.
    """

    settings: RerankingSettings = field(default_factory=RerankingSettings)
    seen: tuple[str, ...] = ()
    taste: Taste | None = None
    seed: int | None = None
    apart: Apart = field(default_factory=Apart)


class Reranker:
    """Has a list written, and passes each idea on as soon as it is whole; each tells the reason that it was chosen for.

    Of several lists side by side it takes one idea for each place: once all have come to that place, the best of what
    was not taken yet. So the order in which lists end decides nothing, and a seed gives the same ideas again. What is
    missing in the end, because ideas said the same or broke a rule, is asked for by itself, with what there is.
    `side_by_side` lists are written at first, which take `requests` of the three. Where ideas are `rated`, and a list
    comes in one piece, it is chosen among as a whole. What others were given is left out, unless too few ideas would
    be left at the end.
    """

    def __init__(
        self,
        brief: Brief,
        lists: Lists,
        choosing: Choosing,
        side_by_side: int = 1,
        requests: int = 1,
        rated: Rated | None = None,
    ) -> None:
        self._brief = brief
        self._lists = lists
        self._choosing = choosing
        self._side_by_side = side_by_side
        self._left = REQUESTS - requests
        self._rated = rated
        self._kept: list[Idea] = []
        self._given = Given(choosing.apart.given, brief.subject, choosing.settings)
        self._left_out: list[Idea] = []
        self.prose = ""
        """What the model said instead of ideas; "" where there are some."""

    async def ideas(self) -> AsyncGenerator[Idea]:
        """Exactly `brief.count` distinct ideas where the model has them. Raises what the lists raise."""
        ranking = await asyncio.to_thread(self._ranking)
        for attempt in range(1 + self._left):
            count = 1 if attempt else self._side_by_side
            async with aclosing(self._round(ranking, attempt, count)) as chosen:
                async for idea in chosen:
                    self.prose = ""
                    yield idea
            if len(self._kept) == self._brief.count:
                return
        for repeated in self._left_out:
            if len(self._kept) < self._brief.count and (again := await self._best(ranking, [repeated])):
                self.prose = ""
                yield again

    def _ranking(self) -> Ranking[Idea]:
        settings, taste = self._choosing.settings, self._choosing.taste
        return Ranking[Idea](
            likeness(settings.similarity_model),
            settings,
            topic=self._brief.subject if self._brief.task in _JUDGED_BY_WORDS else "",
            seen=self._choosing.seen,
            taste=taste.sample(self._choosing.seed) if taste else None,
        )

    async def _round(self, ranking: Ranking[Idea], attempt: int, count: int) -> AsyncGenerator[Idea]:
        """The ideas of one round of lists; these are ended as soon as there are enough."""
        known = (idea.title or idea.body for idea in (*self._kept, *self._left_out))
        titles = (*self._brief.already, *known)
        asked = replace(self._brief, count=self._brief.count - len(self._kept), already=titles)
        lists = [IdeaList(asked) for _ in range(count)]
        place = 0
        async with aclosing(self._lists(asked, attempt, count)) as deltas:
            async for delta in deltas:
                lists[delta.candidate].add(delta)
                if self._rated and all(one.came_whole for one in lists):
                    break
                while any(len(one.ideas) > place for one in lists) and all(one.has(place) for one in lists):
                    place += 1
                    fresh = [idea for one in lists for idea in one.ideas[place - 1 : place]]
                    if idea := await self._next(ranking, fresh, ANY if count == 1 else (Kind.NEW,)):
                        yield idea
                    if len(self._kept) == self._brief.count:
                        return
        for one in lists:
            one.end()
        fresh = [idea for one in lists for idea in one.ideas[place:]]
        while len(self._kept) < self._brief.count and (idea := await self._next(ranking, fresh, ANY)):
            yield idea
            fresh = []
        if not self._kept:
            self.prose = self.prose or next((one.prose for one in lists if one.prose), "")

    async def _next(
        self, ranking: Ranking[Idea], fresh: Sequence[Idea], kinds: Sequence[Kind]
    ) -> Idea | None:
        """The best idea of those that wait and of `fresh` ones; None when they hold none of the kinds."""
        wanted = [idea for idea in fresh if is_wanted(idea, self._brief)]
        new = await self._given.new_of(wanted)
        self._left_out += [idea for idea in wanted if idea not in new]
        return await self._best(ranking, new, kinds)

    async def _best(
        self, ranking: Ranking[Idea], wanted: Sequence[Idea], kinds: Sequence[Kind] = ANY
    ) -> Idea | None:
        ready = [self._candidate(idea) for idea in wanted]
        await asyncio.to_thread(ranking.add, ready)
        while found := await asyncio.to_thread(ranking.best, kinds):
            idea, reason = found
            why = replace(reason, given=len(self._left_out))
            if not any(is_same(idea, other) for other in self._kept):
                self._kept.append(replace(idea, position=len(self._kept) + 1, why=why))
                return self._kept[-1]
        return None

    def _candidate(self, idea: Idea) -> Candidate[Idea]:
        line = self._rated(idea) if self._rated else None
        return Candidate(
            idea,
            comparable(idea, self._brief.subject),
            said=f"{idea.title}: {idea.body}" if idea.title and idea.body else idea.title or idea.body,
            mean_log_probability=line.likely if line else None,
            topical=line.topical if line else None,
        )


async def within_rules(brief: Brief, generate: Generate) -> str | None:
    """The first whole text that keeps to the brief's rules, or None after the last attempt."""
    for attempt in range(REQUESTS):
        async with aclosing(generate(brief, attempt)) as deltas:
            text = "".join([delta async for delta in deltas]).strip()
        if text and not breaks_rules(text, brief):
            return text
    return None
