"""`riff doctor`: is everything here that Riff needs, and what does the way it is set up mean."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.shared import Failure, settings
from bot.health import Check, Level, check_all

_MARKS = {Level.OK: ("ok", "green"), Level.WARNING: ("warning", "yellow"), Level.ERROR: ("error", "red")}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check Python, settings, database, model, quantisation, classifier, tokens; exit code 1 on an error."""
    try:
        loaded = settings()
    except Failure as failure:
        checks = [Check("settings", Level.ERROR, failure.say)]
    else:
        checks = asyncio.run(check_all(loaded))
    healthy = all(check.level is not Level.ERROR for check in checks)
    if as_json:
        typer.echo(json.dumps({"ok": healthy, "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            mark, colour = _MARKS[check.level]
            typer.echo(f"{typer.style(f'{mark:8}', fg=colour)}{check.name:12} {check.message}")
    raise typer.Exit(0 if healthy else 1)
