"""The whole evaluation: brainstorms on topics that training never saw, each played with and without each part."""

import asyncio
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.candidates import ASKED, Scribe
from bot.evaluation.playing import VARIANTS, Play, Played
from genai.evaluation.simulated_users import TasteEffect, simulate
from genai.request import Generator, Sampling
from genai.reranking.settings import QualitySettings

TOPICS = ("beekeeping on rooftops", "hand-bound sketchbooks", "cargo bike rental", "a walking bus to school")
"""Of the topics that the embedded model's training leaves out."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: brainstorms, Riff's turns in each, simulated people for the taste; the same `seed`
    gives the same figures."""

    sessions: int = 12
    turns: int = 6
    people: int = 20
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: means over the brainstorms, `distinct_error` the standard error of the distinct ideas."""

    variant: str
    written: float
    distinct: float
    distinct_error: float
    coverage: float
    novelty: float
    liked: float


@dataclass(frozen=True, slots=True)
class Report:
    """All figures; the first row is Riff as it is."""

    scale: Scale
    shown: float
    rows: tuple[Row, ...]
    taste: TasteEffect

    def as_json(self) -> Mapping[str, Any]:
        """The figures by name; shares from 0 to 1.

        `distinct_sobol` and `distinct_independent` are ideas that differ of those written for one turn, for which
        the numbers are drawn together; `distinct` are ideas that differ of those `shown` in a brainstorm.
        """
        by_name = {row.variant: row for row in self.rows}
        whole = by_name["all"]
        return {
            "distinct_sobol": whole.written,
            "distinct_independent": by_name["without Sobol"].written,
            "distinct": whole.distinct,
            "coverage": whole.coverage,
            "novelty": whole.novelty,
            "taste_lift": self.taste.taste_lift,
            "taste_distinct_change": self.taste.taste_distinct_change,
            "shown": self.shown,
            "ablation": [asdict(row) for row in self.rows],
            "scale": asdict(self.scale),
        }


async def evaluate(
    generator: Generator,
    sampling: Sampling,
    settings: QualitySettings,
    scale: Scale,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """Measure; `done` is called after each brainstorm, and once after the simulated people."""
    scribe = Scribe(generator, sampling, round(ASKED * settings.candidates))
    played: list[tuple[Played, ...]] = []
    for number in range(scale.sessions):
        seed = scale.seed * 1_000 + number
        material = await scribe.material(TOPICS[number % len(TOPICS)], seed, scale.turns)
        play = await asyncio.to_thread(Play, material, settings)
        played.append(tuple([await asyncio.to_thread(play.as_variant, variant) for variant in VARIANTS]))
        done()
    taste = await asyncio.to_thread(simulate, seed=scale.seed, people=scale.people, settings=settings)
    done()
    rows = tuple(_row(v.name, column) for v, column in zip(VARIANTS, zip(*played, strict=True), strict=True))
    return Report(scale, statistics.fmean(session[0].shown for session in played), rows, taste)


def _row(name: str, played: Sequence[Played]) -> Row:
    distinct = [one.distinct for one in played]
    error = statistics.stdev(distinct) / len(distinct) ** 0.5 if len(distinct) > 1 else 0.0
    return Row(
        name,
        statistics.fmean(one.written for one in played),
        statistics.fmean(distinct),
        error,
        statistics.fmean(one.coverage for one in played),
        statistics.fmean(one.novelty for one in played),
        statistics.fmean(one.liked for one in played),
    )
