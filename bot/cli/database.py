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


@app.command()
def purge() -> None:
    """Erase the texts that the audit kept for longer than storage.audit_text_days; Riff does it hourly too."""
    from storage.database import Database
    from storage.repositories.audit import Audit

    loaded = settings()

    async def work() -> int:
        database = Database(loaded.storage)
        try:
            await database.start()
            return await Audit(database).purge_texts()
        finally:
            await database.close()

    typer.echo(f"{run_async(work)} kept texts are erased.")
