"""Has a small model begin ideas in ways that fit, and chooses among what it makes of them: by its own likelihoods.

A model of a hundred million parameters seldom finds a way to do something, but goes on sensibly from one, and tells by
likelihood which beginnings suit a topic. Of a draw from the deck those are taken that it finds likely here and less
likely where nothing was asked; its lines are chosen among in the same way. So each idea has a mechanism of its own.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from genai.methods.deck import Method, Part, deck
from genai.request import Completion, GenerationRequest, Generator, Rating, Sampling, Turn

_DRAWN, _DRAWN_ALONE = 32, 64
"""Methods that are tried on a topic, and where nobody else's list is begun; more fit better and take longer."""
_TOGETHER = 16
_AT_ONCE = 4
"""Lists that are begun at the same time; more would only wait within the generator, and fill its queue."""
_SPARE, _SPARE_ALONE = 4, 7
"""Lines that are written beyond those that are wanted."""
_TITLES = 16
_TITLE_TEMPERATURE = 0.8
"""Names and slogans have no methods, and differ by chance."""
_PENALTY = 1.1
_MOST_REMEMBERED = 4000
_LONGEST = 90
"""Tokens of a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One idea as a line of a list, without its number; `tokens` were chosen for it.

    `likely` in nats a token, and `topical` how much of that it owes to the topic; None where that was not found out.
    """

    text: str
    tokens: int
    likely: float
    topical: float | None


class Starts:
    """Writes lines with one generator; remembers how likely methods are where nothing was asked."""

    def __init__(self, generator: Generator, rating: Rating) -> None:
        self._generator = generator
        self._rating = rating
        self._unasked: dict[tuple[tuple[Turn, ...], str], float] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._begun = 0

    async def ideas(
        self,
        request: GenerationRequest,
        unasked: tuple[Turn, ...],
        count: int,
        avoided: Sequence[str] = (),
        part: Part | None = None,
    ) -> list[Line]:
        """Lines of ideas, the best first, a few more than `count`; `unasked` are the turns without a topic.

        Methods whose names are `avoided` are not drawn, and those of a `part` before others. Raises what the
        generator raises.
        """
        known = {title.casefold() for title in avoided}
        free = [one for one in deck() if one.name.casefold() not in known]
        own = [one for one in part.of(deck()) if one.name.casefold() not in known] if part else []
        free = own if len(own) >= count + _SPARE_ALONE else free
        async with self._turn:
            self._begun += 1
            try:
                return await self._begin(request, unasked, count, free)
            finally:
                self._begun -= 1

    async def _begin(
        self, request: GenerationRequest, unasked: tuple[Turn, ...], count: int, free: Sequence[Method]
    ) -> list[Line]:
        tried, spare = (_DRAWN_ALONE, _SPARE_ALONE) if self._begun == 1 else (_DRAWN, _SPARE)
        drawn = Random(request.sampling.seed).sample(free, min(tried, len(free)))
        openings = [method.opening(1) for method in drawn]
        fits = await self._fits(request, unasked, openings)
        best = sorted(range(len(drawn)), key=lambda at: -fits[at])[: count + spare]
        requests = [self._line(request, openings[at], request.sampling) for at in best]
        written = await asyncio.gather(*map(self._generator.complete, requests))
        return await self._best(request, unasked, [one for (one,) in written])

    async def titles(self, request: GenerationRequest, unasked: tuple[Turn, ...], opening: str) -> list[Line]:
        """Lines of names or slogans, the best first. Raises what the generator raises."""
        sampling = replace(request.sampling, temperature=_TITLE_TEMPERATURE)
        line = replace(self._line(request, opening, sampling), candidates=_TITLES)
        async with self._turn:
            return await self._best(request, unasked, await self._generator.complete(line))

    def _line(self, request: GenerationRequest, opening: str, sampling: Sampling) -> GenerationRequest:
        alone = replace(sampling, stop=("\n",), max_new_tokens=_LONGEST, repetition_penalty=_PENALTY)
        return replace(request, openings=(opening,), candidates=1, sampling=alone)

    async def _best(
        self, request: GenerationRequest, unasked: tuple[Turn, ...], written: Sequence[Completion]
    ) -> list[Line]:
        """The distinct ones, those first that are likely here, and more so than where nothing was asked."""
        distinct = {text: one for one in written if (text := one.text.strip())}
        anyway = await self._rated(replace(request, turns=unasked), list(distinct))
        scored = [
            (_fit(one.mean_log_probability, without), _line(text, one, without))
            for (text, one), without in zip(distinct.items(), anyway, strict=True)
        ]
        return [line for _score, line in sorted(scored, key=lambda pair: -pair[0])]

    async def _rated(self, request: GenerationRequest, texts: Sequence[str]) -> list[float]:
        """How likely the texts are; a few at a time, for others wait in the same line."""
        rated: list[float] = []
        for first in range(0, len(texts), _TOGETHER):
            rated += await self._rating.rate(request, texts[first : first + _TOGETHER])
        return rated

    async def _fits(
        self, request: GenerationRequest, unasked: tuple[Turn, ...], texts: Sequence[str]
    ) -> list[float]:
        """How well each method's beginning fits; what is likely where nothing was asked is rated once."""
        if len(self._unasked) > _MOST_REMEMBERED:
            self._unasked.clear()
        new = [text for text in texts if (unasked, text) not in self._unasked]
        here, there = await asyncio.gather(
            self._rated(request, texts), self._rated(replace(request, turns=unasked), new)
        )
        anyway = dict(zip(new, there, strict=True))
        self._unasked |= {(unasked, text): value for text, value in anyway.items() if math.isfinite(value)}
        return [
            _fit(likely, self._unasked.get((unasked, text), -math.inf))
            for text, likely in zip(texts, here, strict=True)
        ]


def _line(text: str, written: Completion, anyway: float) -> Line:
    likely = written.mean_log_probability
    topical = likely - anyway if math.isfinite(anyway) else None
    return Line(text.partition(".")[2].strip(), written.tokens, likely, topical)


def _fit(here: float, anyway: float) -> float:
    """Likely here, and more so than where nothing was asked; a rating that was cut off is -inf and says nothing."""
    return 2 * here - (anyway if math.isfinite(anyway) else here)
