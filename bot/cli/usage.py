"""`riff usage`: what workspaces and their people use."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.cli.shared import Failure, run_async, settings

_PEOPLE = 100


def usage(
    workspace: Annotated[
        str | None, typer.Option(help="Only this one, as platform:workspace, and who used most in it.")
    ] = None,
    period: Annotated[
        str, typer.Option(help="A year, month or day in UTC, such as 2026-11; this month if left out.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print prompts, ideas, characters and tokens by workspace; linked accounts count as one person."""
    from bot.core.errors import CommandError
    from bot.places.moderation_policy import parse_scope, scope_text
    from storage.database import Database
    from storage.repositories.usage import Usage

    chosen = period or f"{datetime.now(UTC):%Y-%m}"
    if not all(part.isdigit() for part in chosen.split("-")):
        raise Failure("--period is a year, month or day, such as 2026, 2026-11 or 2026-11-24.")
    try:
        scope = parse_scope(workspace) if workspace else None
    except CommandError as error:
        raise Failure(error.say) from error
    loaded = settings()

    async def work() -> dict[str, Any]:
        database = Database(loaded.storage)
        try:
            await database.start()
            rows = Usage(database)
            found = await rows.of_workspaces(chosen, scope)
            workspaces = [
                {"workspace": scope_text(one), "people": people, **asdict(used)}
                for one, people, used in found
            ]
            most = await rows.of_people(chosen, scope, _PEOPLE) if scope else ()
            people = [{"account": account.external_id, **asdict(used)} for account, used in most]
            return {"period": chosen, "workspaces": workspaces, "people": people}
        finally:
            await database.close()

    result = run_async(work)
    if as_json:
        typer.echo(json.dumps(result))
        return
    if not result["workspaces"]:
        typer.echo(f"Nothing was used in {chosen}.")
    for name in ("workspaces", "people"):
        if result[name]:
            _print(result[name])


def _print(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for name, value in rows[0].items():
        table.add_column(name, justify="left" if isinstance(value, str) else "right", overflow="fold")
    for row in rows:
        table.add_row(*(value if isinstance(value, str) else f"{value:,}" for value in row.values()))
    Console().print(table)
