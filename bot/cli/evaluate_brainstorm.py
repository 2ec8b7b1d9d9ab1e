"""`riff eval brainstorm`: how good a partner Riff is in a brainstorm, with and without each of its parts."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import Failure, run_async, settings

PAGE = Path("docs/brainstorm-figures.md")


def brainstorm(
    sessions: Annotated[int, typer.Option(min=1, help="Simulated brainstorms.")] = 12,
    turns: Annotated[int, typer.Option(min=1, help="Riff's turns in each, of five ideas.")] = 6,
    people: Annotated[int, typer.Option(min=1, help="Simulated people whose taste is learned.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Also write {PAGE}.")] = False,
) -> None:
    """Measure brainstorms with the embedded model: distinct ideas, coverage, novelty, taste; and each without.

    Takes minutes; more sessions give narrower figures.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import genai.request
    from bot.evaluation.brainstorm import Scale, evaluate
    from bot.evaluation.page import page, table
    from genai.settings import GeneratorSettings

    quality = settings().quality
    if write and not PAGE.parent.is_dir():
        raise Failure(f"--write needs the folder {PAGE.parent}; run it in the folder of the project")
    scale = Scale(sessions, turns, people, seed)

    async def work() -> None:
        loaded = GeneratorSettings()
        generator = genai.request.load(loaded)
        await generator.start()
        try:
            with typer.progressbar(length=sessions + 1, label="brainstorms", file=sys.stderr) as bar:
                report = await evaluate(
                    generator, loaded.default_sampling(), quality, scale, lambda: bar.update(1)
                )
        finally:
            await generator.close()
        typer.echo(json.dumps(report.as_json()) if as_json else table(report))
        if write:
            await asyncio.to_thread(PAGE.write_text, page(report), encoding="utf-8")

    run_async(work)
