"""How good a partner Riff is in a brainstorm, played by simulated people, and the figures as Markdown."""

import asyncio
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.simulation import ASKED, LIKED, VARIANTS, Play, Played, Scribe
from genai.errors import GenerationError
from genai.evaluation.simulated_users import TasteEffect, simulate
from genai.request import Generator, Sampling
from genai.reranking.settings import RerankingSettings

TOPICS = ("beekeeping on rooftops", "hand-bound sketchbooks", "cargo bike rental", "a walking bus to school")
_LEAST_CHOICE = 2.0
"""Ideas written for each one that is shown, so that there is something to choose."""
_FEWEST_IDEAS = 40
"""To judge taste by: four times what one list is chosen from."""


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
    """All figures; the first row is Riff as it is. `model` says which wrote the ideas."""

    scale: Scale
    model: str
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
            "model": self.model,
        }


async def evaluate(
    generator: Generator,
    sampling: Sampling,
    settings: RerankingSettings,
    scale: Scale,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """Measure; the simulated people judge what the model wrote for the brainstorms.

    `done` is called after each brainstorm, and once after those people. Raises GenerationError, also where the model
    writes too few ideas in the form that it is asked for.
    """
    scribe = Scribe(generator, sampling, round(ASKED * max(settings.candidates, _LEAST_CHOICE)))
    played: list[tuple[Played, ...]] = []
    ideas: dict[str, None] = {}
    for number in range(scale.sessions):
        seed = scale.seed * 1_000 + number
        material = await scribe.material(TOPICS[number % len(TOPICS)], seed, scale.turns)
        _require(material.is_enough, f"about {material.topic}")
        ideas |= dict.fromkeys(material.texts())
        play = await asyncio.to_thread(Play, material, settings)
        played.append(tuple([await asyncio.to_thread(play.as_variant, variant) for variant in VARIANTS]))
        done()
    _require(len(ideas) >= _FEWEST_IDEAS, "to learn a taste of")
    taste = await asyncio.to_thread(
        simulate, tuple(ideas), seed=scale.seed, people=scale.people, settings=settings
    )
    done()
    rows = tuple(_row(v.name, column) for v, column in zip(VARIANTS, zip(*played, strict=True), strict=True))
    model = f"{generator.info.model}, {generator.info.quantization}"
    return Report(scale, model, statistics.fmean(session[0].shown for session in played), rows, taste)


def _require(enough: bool, what_for: str) -> None:
    if not enough:
        raise GenerationError(
            f"The model wrote too few different ideas {what_for}; only numbered lines count. Choose another model, "
            "or more turns."
        )


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


# The figures as Markdown, for docs/brainstorm-figures.md.


_INTRODUCTION = """# How good a partner Riff is: measured

Written by `riff eval brainstorm --write{options}`; do not edit. The same seed gives the same figures, as far as
rounding lets it.

{sessions} simulated brainstorms with the model {model}. Ten ideas of its own stand on the board; Riff takes {turns}
turns and shows five ideas in each, chosen from more with the settings of `[reranking]`. A simulated person with a
hidden taste says of each shown idea whether they like it. Every row plays the same brainstorms, without Sobol sampling,
ranking or taste in turn; taste acts on the ranking, so that without ranking there is neither.
"""

_MEANING = """
- **written**: of the ideas written for one turn, those that differ, before any are chosen: what Sobol sampling is for,
  and `distinct_sobol` and `distinct_independent` of `--json`. Among ideas that were chosen Sobol makes no difference:
  the choice drops what is alike anyway.
- **distinct**: of about {shown:.0f} shown ideas, those that say something else than all shown before them, by the
  measure that drops near-duplicates (`reranking.duplicate_threshold`), with the standard error.
- **coverage**: of the groups that all written ideas fall into (`genai/text.py`), the share that is shown.
- **novelty**: how far a shown idea is from the nearest one on the board, from 0 (the same) to 1.
- **liked**: the share of shown ideas that the person likes; by chance it is {liked:.2f}.
"""

_TASTE = """
## Taste alone

{people} simulated people say of {feedback} ideas each whether they like them (`genai/evaluation/simulated_users.py`);
the ideas are those of the brainstorms. Then of the top three {before:.0%} are liked without taste and {after:.0%} with
it: a lift of {lift:+.0%}. The share of distinct ideas changes by {change:+.1%}.
"""


def table(report: Report) -> str:
    """The ablation."""
    lines = ["| Riff | written | distinct | coverage | novelty | liked |", "|" + " --- |" * 6]
    for row in report.rows:
        distinct = f"{row.distinct:.1f} ± {row.distinct_error:.1f}"
        shares = f"{row.coverage:.2f} | {row.novelty:.3f} | {row.liked:.2f}"
        lines.append(f"| {row.variant} | {row.written:.2f} | {distinct} | {shares} |")
    return "\n".join(lines)


def page(report: Report) -> str:
    """The whole page."""
    scale, taste = report.scale, report.taste
    return "\n".join(
        [
            _INTRODUCTION.format(
                options=_options(scale), model=report.model, sessions=scale.sessions, turns=scale.turns
            ),
            table(report),
            _MEANING.format(shown=report.shown, liked=LIKED).rstrip(),
            _TASTE.format(
                people=taste.people,
                feedback=taste.feedback,
                before=taste.liked_by_chance,
                after=taste.liked,
                lift=taste.taste_lift,
                change=taste.taste_distinct_change,
            ),
        ]
    )


def _options(scale: Scale) -> str:
    """The options that differ from the defaults, as they are typed."""
    usual = asdict(Scale())
    return "".join(f" --{name} {value}" for name, value in asdict(scale).items() if value != usual[name])
