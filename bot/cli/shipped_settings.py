"""`riff config`: the settings as they come with Riff, where no checkout lies beside it."""

import typer

from bot.config import shipped_file


def config() -> None:
    """Print every setting with its default and a comment, to begin a file of one's own from."""
    typer.echo(shipped_file().read_text(encoding="utf-8"), nl=False)
