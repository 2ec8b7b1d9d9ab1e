"""`riff chat`: brainstorm in the terminal."""

from typing import Annotated

import typer

from bot.cli.shared import run_async, settings


def chat(
    user: Annotated[str | None, typer.Option(help="Who is talking; your login name if left out.")] = None,
) -> None:
    """Open the console chat."""
    from bot.adapters import load_adapter
    from bot.app import serve

    loaded = settings()
    adapter = load_adapter("console", user=user)
    run_async(lambda: serve(loaded, [adapter]))
