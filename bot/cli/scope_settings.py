"""`riff settings`: the moderation rules of workspaces and channels."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.shared import Failure, run_async, settings

if TYPE_CHECKING:
    from bot.places.moderation_policy import Policies
    from storage.values.records import Change, Scope

T = TypeVar("T")
app = typer.Typer(
    help="The rules of a workspace or channel: thresholds, blocklist, topics, privacy.", no_args_is_help=True
)
Place = Annotated[str, typer.Argument(help="platform:workspace or platform:workspace:channel.")]
Key = Annotated[str, typer.Argument(help="thresholds, blocklist, topics or privacy.")]


@app.command("list")
def list_scopes() -> None:
    """Every place that has rules of its own."""
    from bot.places.moderation_policy import scope_text

    for scope, own in _with_policies(lambda policies: policies.scopes()):
        typer.echo(f"{scope_text(scope)}  {', '.join(sorted(own))}")


@app.command()
def show(place: Place) -> None:
    """What a place sets itself and what holds there, as one JSON object."""
    scope = _scope(place)
    effective = _with_policies(lambda policies: policies.show(scope))
    policy = effective.policy
    holds = {
        "thresholds": {name: limits.model_dump() for name, limits in policy.thresholds.items()},
        "blocklist": list(policy.blocklist),
        "topics": [topic.name for topic in policy.topics],
        "privacy": sorted(policy.privacy),
    }
    typer.echo(json.dumps({"own": dict(effective.own), "holds": holds}, indent=2))


@app.command("set")
def set_value(
    place: Place,
    key: Key,
    value: Annotated[
        str, typer.Argument(help='JSON, e.g. \'["medical", "politics"]\' for topics; or words with commas.')
    ],
) -> None:
    """Set one rule of a place; the change is recorded."""
    scope, parsed = _scope(place), _parsed(value)
    typer.echo(_told(_with_policies(lambda policies: policies.set(scope, key, parsed))))


@app.command()
def unset(place: Place, key: Key) -> None:
    """Go back to what holds more widely; the change is recorded."""
    scope = _scope(place)
    typer.echo(_told(_with_policies(lambda policies: policies.unset(scope, key))))


@app.command()
def history(
    place: Annotated[str, typer.Argument(help="A place, or nothing for all.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
) -> None:
    """The newest changes first, as JSON lines."""
    scope = _scope(place) if place else None
    for change in _with_policies(lambda policies: policies.changes(limit, scope=scope)):
        typer.echo(_told(change))


@app.command()
def topics() -> None:
    """The topics that come with Riff."""
    from genai.moderation.topics import ready_names, ready_topic

    for name in ready_names():
        topic = ready_topic(name)
        typer.echo(f"{name:12} {len(topic.keywords)} keywords, {len(topic.examples)} examples")


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        if value.lstrip()[:1] in {"[", "{"}:
            raise Failure("that is not JSON; write for example '[\"medical\"]'.") from None
        return [part.strip() for part in value.split(",") if part.strip()]


def _told(change: "Change") -> str:
    from bot.places.moderation_policy import scope_text

    return json.dumps(
        {
            "at": change.created_at.isoformat(),
            "scope": scope_text(change.scope),
            "person_id": change.person_id,
            "key": change.key,
            "before": change.before,
            "after": change.after,
        }
    )


def _scope(text: str) -> "Scope":
    from bot.core.errors import CommandError
    from bot.places.moderation_policy import parse_scope

    try:
        return parse_scope(text)
    except CommandError as error:
        raise Failure(error.say) from error


def _with_policies(work: "Callable[[Policies], Awaitable[T]]") -> T:
    from bot.places.moderation_policy import Policies
    from storage.database import Database
    from storage.repositories import Repositories

    loaded = settings()

    async def run() -> T:
        database = Database(loaded.storage)
        try:
            await database.start()
            return await work(Policies(loaded.moderation, Repositories(database).scopes))
        finally:
            await database.close()

    return run_async(run)
