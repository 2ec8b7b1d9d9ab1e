"""`riff eval`: measure models, moderation and brainstorms."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.shared import Failure, print_table, run_async, settings
from bot.cli.train import failures


def models(
    paths: Annotated[
        list[str], typer.Argument(metavar="MODEL...", help="Folders, .gguf files, hub names, embedded.")
    ],
    data: Annotated[Path, typer.Option(help="Text (.txt, .md) or JSON lines of messages.")],
    quantization: Annotated[
        Literal["none", "int8", "nf4", "nf4-double"], typer.Option(help="How weights are stored.")
    ] = "none",
    limit: Annotated[int, typer.Option(min=0, help="Texts to read at most; 0 reads all.")] = 0,
    tasks: Annotated[
        int,
        typer.Option(
            min=0, help="Ideas are asked for so many times and the replies scored; 0: perplexity only."
        ),
    ] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """Compare perplexity, size, speed and task scores of models and adapters."""
    with failures():
        from genai.training.measure.comparison import compare_models

        found = compare_models(paths, data, quantization, limit, tasks)
    if as_json:
        typer.echo(json.dumps([figures.row() | figures.task_row() for figures in found]))
        return
    print_table([figures.row() for figures in found])
    if tasks:
        print_table([figures.task_row() for figures in found])


# `riff eval moderation`: how good the configured chain is, on public labelled sets.


MODERATION_DATA = Path("../shared/data")
MODERATION_PAGE = Path("docs/moderation-figures.md")
MODERATION_PICTURE = Path("docs/moderation-reliability.png")


def moderation(
    data: Annotated[
        Path, typer.Option(envvar="RIFF_DATA", help="The folder of the public sets; docs name each of them.")
    ] = MODERATION_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Also write the tables into {MODERATION_PAGE}.")
    ] = False,
) -> None:
    """Measure the moderation of the settings: toxicity, disguised words, personal data, speed.

    Sets that are not there are named and left out. Takes minutes.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from genai.evaluation import moderation_report

    loaded = settings().moderation
    if write and not MODERATION_PAGE.is_file():
        raise Failure(f"--write needs {MODERATION_PAGE}; run it in the folder of the project")

    async def work() -> None:
        figures = await moderation_report.measure(loaded, data, lambda step: typer.echo(step, err=True))
        for reason in figures.missing:
            typer.echo(f"left out: {reason}", err=True)
        typer.echo(json.dumps(figures.as_json()) if as_json else moderation_report.tables(figures))
        if write:
            await asyncio.to_thread(_write, lambda text: moderation_report.rewritten(text, figures))
            await asyncio.to_thread(moderation_report.draw_reliability, figures, MODERATION_PICTURE)

    run_async(work)


def _write(change: Callable[[str], str]) -> None:
    MODERATION_PAGE.write_text(change(MODERATION_PAGE.read_text(encoding="utf-8")), encoding="utf-8")


# `riff eval brainstorm`: how good a partner Riff is in a brainstorm, with and without each of its parts.


BRAINSTORM_PAGE = Path("docs/brainstorm-figures.md")


def brainstorm(
    sessions: Annotated[int, typer.Option(min=1, help="Simulated brainstorms.")] = 12,
    turns: Annotated[int, typer.Option(min=1, help="Riff's turns in each, of five ideas.")] = 6,
    people: Annotated[int, typer.Option(min=1, help="Simulated people whose taste is learned.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Also write {BRAINSTORM_PAGE}.")] = False,
) -> None:
    """Measure brainstorms with the model of the settings: distinct ideas, coverage, novelty, taste; and each without.

    Takes minutes; more sessions give narrower figures.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import genai.factory
    from bot.evaluation.brainstorm_quality import Scale, evaluate, page, table

    loaded = settings()
    if write and not BRAINSTORM_PAGE.parent.is_dir():
        raise Failure(
            f"--write needs the folder {BRAINSTORM_PAGE.parent}; run it in the folder of the project"
        )
    scale = Scale(sessions, turns, people, seed)

    async def work() -> None:
        generator = genai.factory.load(loaded.generator)
        await generator.start()
        try:
            with typer.progressbar(length=sessions + 1, label="brainstorms", file=sys.stderr) as bar:
                sampling = loaded.generator.default_sampling(generator.info.suited)
                report = await evaluate(generator, sampling, loaded.reranking, scale, lambda: bar.update(1))
        finally:
            await generator.close()
        typer.echo(json.dumps(report.as_json()) if as_json else table(report))
        if write:
            await asyncio.to_thread(BRAINSTORM_PAGE.write_text, page(report), encoding="utf-8")

    run_async(work)


app = typer.Typer(help="Measure models.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Measure models."""


app.command("models")(models)
app.command("moderation")(moderation)
app.command("brainstorm")(brainstorm)
