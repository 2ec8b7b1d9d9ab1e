"""`riff db`: the database."""

import typer

from bot.cli.shared import run_async, settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the database's tables up to date; `riff chat` and `riff run` do it at start too."""
    from storage.database import Database

    loaded = settings()

    async def work() -> None:
        database = Database(loaded.storage)
        try:
            await database.start()
        finally:
            await database.close()

    run_async(work)
    typer.echo("The database is up to date.")
