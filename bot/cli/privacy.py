"""`riff privacy`: what is held on a person, and its erasure."""

import json
from typing import Annotated, Any

import typer

from bot.cli.ask import parse_user
from bot.cli.shared import Failure, run_async, settings

app = typer.Typer(help="What is held on a person: export it, or erase it.", no_args_is_help=True)
User = Annotated[str, typer.Argument(help="A name in the console, or platform:workspace:id.")]


@app.command()
def export(user: User) -> None:
    """Print all that is held on a person as one JSON object."""
    typer.echo(json.dumps(_with_person(user, erase=False), indent=2))


@app.command()
def forget(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the numbers of erased rows as JSON.")
    ] = False,
) -> None:
    """Erase all that is held on a person, in every table and in the database's files."""
    if not yes:
        typer.confirm(f"Erase everything held on {user}? This cannot be undone", abort=True)
    erased = _with_person(user, erase=True)
    typer.echo(
        json.dumps(erased) if as_json else f"Erased: {', '.join(f'{n} {t}' for t, n in erased.items())}."
    )


def _with_person(user: str, *, erase: bool) -> dict[str, Any]:
    from storage.memory import Memory

    from storage.database import Database

    author = parse_user(user)
    loaded = settings()

    async def work() -> dict[str, Any]:
        database = Database(loaded.storage)
        try:
            await database.start()
            memory = Memory(database)
            person = await memory.people.find(author.platform, author.workspace, author.external_id)
            if person is None:
                raise Failure(f"nothing is held on {user}.")
            return dict(await (memory.privacy.forget(person) if erase else memory.privacy.export(person)))
        finally:
            await database.close()

    return run_async(work)
