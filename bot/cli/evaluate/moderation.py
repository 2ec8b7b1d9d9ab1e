"""`riff eval moderation`: how good the configured chain is, on public labelled sets."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import Failure, run_async, settings

MODERATION_DATA = Path("../shared/data")
MODERATION_PAGE = Path("docs/moderation-figures.md")


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

    run_async(work)


def _write(change: Callable[[str], str]) -> None:
    MODERATION_PAGE.write_text(change(MODERATION_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
