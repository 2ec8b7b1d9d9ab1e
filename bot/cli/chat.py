"""`riff chat`: brainstorm in the terminal."""

from typing import Annotated

import typer

from bot.cli.shared import run_async, settings


def chat(
    user: Annotated[str | None, typer.Option(help="Who is talking; your login name if left out.")] = None,
) -> None:
    """Open the console chat."""
    from rich.console import Console

    from bot.adapters import load_adapter
    from bot.app import App

    loaded = settings()
    adapter = load_adapter("console", user=user)

    async def work() -> None:
        with Console(stderr=True).status("waking up the model and the content check"):
            app = App(loaded)
            await app.start()
        try:
            await adapter.run(app)
        finally:
            await app.close()

    run_async(work)
