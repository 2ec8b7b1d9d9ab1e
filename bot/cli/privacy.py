"""`riff privacy`: what is held on a person, and its erasure."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.ask import parse_user
from bot.cli.shared import Failure, run_async, settings

if TYPE_CHECKING:
    from storage.repositories import Repositories
    from storage.values.records import Erasure

T = TypeVar("T")
app = typer.Typer(help="What is held on a person: export it, or erase it.", no_args_is_help=True)
User = Annotated[str, typer.Argument(help="A name in the console, or platform:workspace:id.")]


@app.command()
def export(user: User) -> None:
    """Print all that is held on a person as one JSON object."""

    async def held(repositories: "Repositories", person_id: int) -> dict[str, Any]:
        return await repositories.privacy.export(person_id)

    typer.echo(json.dumps(_with_person(user, held), indent=2))


@app.command()
def forget(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the numbers of erased rows as JSON.")
    ] = False,
) -> None:
    """Erase all that is held on a person, in tables and files; exit code 1 if a trace stays."""
    if not yes:
        typer.confirm(f"Erase everything held on {user}? This cannot be undone", abort=True)

    async def erased(repositories: "Repositories", person_id: int) -> "Erasure":
        return await repositories.privacy.forget(person_id)

    erasure = _with_person(user, erased)
    summary = {"rows": dict(erasure.rows), "complete": erasure.complete, "message": erasure.say}
    typer.echo(json.dumps(summary) if as_json else erasure.say)
    raise typer.Exit(0 if erasure.complete else 1)


def _with_person(user: str, work: Callable[["Repositories", int], Awaitable[T]]) -> T:
    from storage.database import Database
    from storage.repositories import Repositories

    account = parse_user(user)
    loaded = settings()

    async def run() -> T:
        database = Database(loaded.storage)
        try:
            await database.start()
            repositories = Repositories(database)
            person_id = await repositories.people.find(account)
            if person_id is None:
                raise Failure(f"nothing is held on {user}.")
            return await work(repositories, person_id)
        finally:
            await database.close()

    return run_async(run)
