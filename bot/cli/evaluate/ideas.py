"""`riff eval ideas`: how many ideas differ, how many are about the topic, how lists keep their form, what they cost."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from bot.cli.shared import Failure, run_async, settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.evaluation.asked_ways import Way
    from bot.evaluation.collecting import Collected, Terms
    from bot.evaluation.idea_figures import Report
    from bot.evaluation.prompt_sets import Prompt
    from genai.evaluation.novelty import Sameness
    from genai.settings import GeneratorSettings

PAGE = Path("docs/idea-figures.md")
WayOption = Annotated[
    list[str],
    typer.Option(
        "--way",
        metavar="NAME=...",
        help="Settings, generator.KEY=VALUE; reranking.KEY=VALUE, or FILE.jsonl with answers. Again for more.",
    ),
]
PromptOption = Annotated[
    list[str], typer.Option("--prompts", help='"team", or JSON lines of {"id", "topic"} or {"id", "prompt"}.')
]
SeedOption = Annotated[int, typer.Option(min=0, help="The same seed gives the same ideas.")]
LimitOption = Annotated[int, typer.Option(min=0, help="Prompts of each file at most; 0 is all.")]
ParallelOption = Annotated[int, typer.Option(min=1, max=256, help="Prompts asked at the same time.")]
DeadlineOption = Annotated[float, typer.Option(min=1, max=3600, help="Seconds that one prompt may take.")]


@dataclass(frozen=True, slots=True)
class Rater:
    """Who rates: a server's address or a model, and the server's name for it."""

    judge: str
    model: str


def ideas(
    way: WayOption = [],  # noqa: B006 - typer copies it
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Also without methods, Sobol sampling and choosing.")
    ] = False,
    prompts: PromptOption = ["team"],  # noqa: B006
    answers: Annotated[
        list[Path], typer.Option(help="Only score answers in NoveltyBench's form. Again for more files.")
    ] = [],  # noqa: B006
    judge: Annotated[
        str, typer.Option(help="Who rates ideas from 1 to 10: http://host/v1, or a local model.")
    ] = "",
    judge_model: Annotated[str, typer.Option(help="The server's name for the judge.")] = "",
    people: Annotated[int, typer.Option(min=0, help="Simulated people whose taste is learned.")] = 20,
    limit: LimitOption = 0,
    seed: SeedOption = 1,
    parallel: ParallelOption = 1,
    deadline: DeadlineOption = 600.0,
    output: Annotated[
        Path, typer.Option(help="Folder of the answers; what lies there is not asked again.")
    ] = Path("riff-ideas"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Also write {PAGE}.")] = False,
) -> None:
    """Measure ideas: distinct of ten, utility, on topic, form, tokens and seconds; of one way of getting them or more.

    Interrupted, the same command goes on. Takes minutes.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from bot.evaluation.collecting import Terms
    from bot.evaluation.idea_page import page, tables
    from bot.evaluation.prompt_sets import read_prompts

    loaded = settings()
    if write and not PAGE.parent.is_dir():
        raise Failure(f"--write needs the folder {PAGE.parent}; run it in the folder of the project")
    terms = Terms(seed, parallel, deadline)

    async def work() -> None:
        ways = _ways(loaded, way, ablations, answers)
        asked = () if all(one.file for one in ways) else read_prompts(prompts, limit)
        collected = await collect_all(ways, asked, output, terms)
        report = await _measure(collected, loaded, terms, output, Rater(judge, judge_model), people)
        typer.echo(json.dumps(report.as_json()) if as_json else tables(report))
        if write:
            await asyncio.to_thread(PAGE.write_text, page(report), encoding="utf-8")

    run_async(work)


def _ways(
    loaded: "Settings", given: Sequence[str], with_ablations: bool, answers: Sequence[Path]
) -> "tuple[Way, ...]":
    from bot.evaluation.asked_ways import AS_IT_IS, Way, ablations, parse_ways

    files = [f"{path.stem}={path}" for path in answers]
    plain_too = not given and (with_ablations or not files)
    typed = [*([f"{AS_IT_IS}="] if plain_too else given), *files]
    ways = parse_ways(typed, loaded.generator, loaded.reranking)
    plain = Way(AS_IT_IS, loaded.generator, loaded.reranking)
    return (*ways, *(ablations(plain) if with_ablations else ()))


async def collect_all(
    ways: "Sequence[Way]", prompts: "Sequence[Prompt]", folder: Path, terms: "Terms"
) -> "list[Collected]":
    """What each way answers, one way after the other, with a bar for each on standard error."""
    from bot.evaluation.collecting import collect

    found = []
    for way in ways:
        asked = [prompt for prompt in prompts if prompt.ask == "list" or not way.lists_only]
        with typer.progressbar(length=len(asked), label=way.name, file=sys.stderr) as bar:
            found.append(await collect(way, asked, folder, terms, partial(bar.update, 1)))
        for failure in found[-1].failures:
            typer.echo(f"not answered, the same command asks again: {failure}", err=True)
    return found


async def _measure(
    collected: "Sequence[Collected]",
    loaded: "Settings",
    terms: "Terms",
    folder: Path,
    rater: Rater,
    people: int,
) -> "Report":
    from bot.evaluation.idea_figures import Report, agreement, figures, taste_of
    from genai.evaluation.novelty import riffs_likeness

    sameness = await asyncio.to_thread(riffs_likeness, loaded.reranking)
    scores = await _scores(collected, loaded.generator, terms, folder, rater, sameness) if rater.judge else {}
    rows, agreements = [], []
    for one in collected:
        its = scores.get(one.way.name)
        rows += await asyncio.to_thread(figures, one.way.name, one.answers, sameness, its)
        if found := await asyncio.to_thread(agreement, one.way.name, one.answers, sameness):
            agreements.append(found)
    taste = await asyncio.to_thread(taste_of, collected[0].answers, loaded.reranking, people, terms.seed)
    judge = (rater.model or "a server") if "://" in rater.judge else Path(rater.judge).name
    return Report(
        sameness.name, sameness.threshold, tuple(rows), tuple(agreements), taste, tuple(collected), judge
    )


async def _scores(
    collected: "Sequence[Collected]",
    plain: "GeneratorSettings",
    terms: "Terms",
    folder: Path,
    rater: Rater,
    sameness: "Sameness",
) -> dict[str, dict[str, tuple[float | None, ...]]]:
    """What the judge gave each way's answers; ratings are kept beside the answers."""
    import genai.factory
    from bot.evaluation.judge_model import Judge, judge_settings, rated

    try:
        chosen = judge_settings(rater.judge, rater.model, plain)
    except ValidationError as error:
        raise Failure(f"--judge {rater.judge}: {error.errors(include_url=False)[0]['msg']}.") from error
    generator = genai.factory.load(chosen)
    await generator.start()
    try:
        judge = Judge(generator, terms.parallel, terms.deadline_seconds)
        found = {}
        for one in collected:
            kept = folder / f"{one.way.slug}.{_as_file_name(rater)}.ratings.jsonl"
            kept.parent.mkdir(parents=True, exist_ok=True)
            with typer.progressbar(
                length=len(one.answers), label=f"rating {one.way.name}", file=sys.stderr
            ) as bar:
                found[one.way.name] = await rated(one.answers, judge, sameness, kept, partial(bar.update, 1))
        return found
    finally:
        await generator.close()


def _as_file_name(rater: Rater) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in f"{rater.judge}-{rater.model}").strip("-")[
        -60:
    ]
