"""`riff run`, `riff web`, `riff chat` and `riff doctor`: serve platforms or pages, brainstorm here, check it all."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_log_dir

from bot.cli.shared import Failure, run_async, settings
from bot.setup.setup_questions import show
from bot.startup_checks import Check, Level, check_all


def run() -> None:
    """Serve every platform whose tokens are in the environment, until stopped."""
    from bot.app import adapter_names, load_adapter, serve
    from bot.watching.health_server import HealthServer
    from bot.watching.tracing import traced

    loaded = settings()
    chosen = [adapter for adapter in map(load_adapter, adapter_names()) if adapter.is_configured(loaded)]
    if not chosen:
        raise Failure("no platform is configured; `riff doctor` lists the tokens, `riff chat` needs none.")

    health = HealthServer(loaded.health, metrics=loaded.metrics.enabled)
    watch = health if health.is_configured(loaded) else None
    with traced(loaded.tracing):
        run_async(lambda: serve(loaded, chosen, watch=watch))


def web() -> None:
    """Serve pages alone, without platforms and without a model, until stopped; `riff run` serves them too."""
    from functools import partial

    from bot.app import App, load_adapter, serve
    from genai.absent import AbsentGenerator

    loaded = settings()
    adapter = load_adapter("web")
    if not adapter.is_configured(loaded):
        raise Failure("pages have no port; set [web] port in the settings, or RIFF_WEB__PORT.")
    make_app = partial(App, loaded, generator=AbsentGenerator())
    run_async(lambda: serve(loaded, [adapter], make_app))


def chat(
    user: Annotated[str | None, typer.Option(help="Who is talking; your login name if left out.")] = None,
) -> None:
    """Open the console chat; its log goes to riff.log in Riff's folder for logs."""
    from bot.app import load_adapter, serve
    from bot.setup.larger_model import LargerModelHint

    loaded = settings(Path(user_log_dir("riff", appauthor=False)) / "riff.log")
    adapter = load_adapter("console", user=user, hint=LargerModelHint(loaded).line)
    run_async(lambda: serve(loaded, [adapter]))


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check settings, disk, clock, database, model, memory, speed, classifier, tokens; exit code 1 on an error."""
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
        show(checks)
    raise typer.Exit(0 if healthy else 1)
