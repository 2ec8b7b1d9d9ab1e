"""`riff review`: what moderation flagged or blocked, for moderators to look at."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.shared import Failure, run_async, settings
from bot.core.text_cleaning import neutralise_terminal

if TYPE_CHECKING:
    from bot.places.review import ReviewQueue
    from storage.values.records import AuditEntry, Scope

T = TypeVar("T")
app = typer.Typer(help="The review queue of moderation: list, show, approve, uphold.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The decision's number, as `riff review list` shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Place = Annotated[str, typer.Option("--scope", help="Only this platform:workspace or its :channel.")]
_NOT_KEPT = "(not kept; storage.keep_audit_text keeps it)"


@app.command("list")
def list_open(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20, scope: Place = "", as_json: Json = False
) -> None:
    """What waits for a moderator, oldest first."""
    chosen = _scope(scope)
    entries = _with_queue(lambda queue: queue.open(limit, scope=chosen))
    if as_json:
        typer.echo(json.dumps([_as_json(entry) for entry in entries]))
        return
    for entry in entries:
        typer.echo(_line(entry))
    if not entries:
        typer.echo("Nothing waits for review.")


@app.command()
def show(
    number: Number,
    as_json: Json = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the words that counted, judged by the present settings.")
    ] = False,
) -> None:
    """One decision: each stage with its version, the text and its context where they are kept."""
    entry = _with_queue(lambda queue: queue.show(number))
    if as_json:
        typer.echo(json.dumps(_as_json(entry)))
        return
    typer.echo(_line(entry))
    for stage in entry.decision.stages:
        typer.echo(
            f"    {stage['stage']:16} {stage['action']:7} {stage['category'] or '-':20} "
            f"score {stage['score']:.3f}  threshold {stage['threshold']:.3f}  {stage.get('version', '')}"
        )
    if explain and entry.text is not None:
        typer.echo(f"    {_words_of(entry.text)}")
    typer.echo(f"context: {_shown(entry.context)}")
    typer.echo(f"text:    {_shown(entry.text)}")


@app.command()
def approve(number: Number) -> None:
    """The text was fine: a false alarm."""
    _with_queue(lambda queue: queue.approve(number))
    typer.echo(f"Decision number {number} is approved.")


@app.command()
def uphold(number: Number) -> None:
    """Moderation was right."""
    _with_queue(lambda queue: queue.uphold(number))
    typer.echo(f"Decision number {number} is upheld.")


@app.command()
def rule(
    number: Number,
    term: Annotated[str, typer.Option(help="Block this word or phrase from now on.")] = "",
    topic: Annotated[str, typer.Option(help="Deny this topic, of those that come with Riff.")] = "",
    workspace: Annotated[
        bool, typer.Option("--workspace", help="In the whole workspace, not in the channel alone.")
    ] = False,
) -> None:
    """Add a rule where the text was written."""
    from bot.places.moderation_policy import scope_text

    if bool(term) == bool(topic):
        raise Failure("name one rule: --term or --topic.")
    if term:
        change = _with_queue(lambda queue: queue.add_term(number, term, whole_workspace=workspace))
    else:
        change = _with_queue(lambda queue: queue.add_topic(number, topic, whole_workspace=workspace))
    typer.echo(f"{change.key} of {scope_text(change.scope)} is changed.")


@app.command()
def export() -> None:
    """Print reviewed decisions whose texts are kept, as `riff moderate calibrate` reads them."""
    for one in _with_queue(lambda queue: queue.labelled()):
        typer.echo(json.dumps({"id": one.id, "text": one.text, "toxic": one.toxic}))


def _words_of(text: str) -> str:
    """The words that count for the verdict that the text gets now."""
    from bot.cli.moderate import counted_line
    from genai.moderation import load, occlusion

    moderator = load(settings().moderation)

    async def work() -> str:
        await moderator.start()
        try:
            verdict = await moderator.check(text)
            words = await occlusion.explain(text, verdict, moderator.check_many)
        finally:
            await moderator.close()
        return (
            counted_line(words)
            if words
            else f"words            {verdict.action.value} by the present settings"
        )

    return run_async(work)


def _with_queue(work: "Callable[[ReviewQueue], Awaitable[T]]") -> T:
    from bot.places.moderation_policy import Policies
    from bot.places.review import ReviewQueue
    from storage.database import Database
    from storage.repositories import Repositories

    loaded = settings()

    async def run() -> T:
        database = Database(loaded.storage)
        try:
            await database.start()
            repositories = Repositories(database)
            return await work(
                ReviewQueue(repositories.audit, Policies(loaded.moderation, repositories.scopes))
            )
        finally:
            await database.close()

    return run_async(run)


def _scope(text: str) -> "Scope | None":
    from bot.core.errors import CommandError
    from bot.places.moderation_policy import parse_scope

    try:
        return parse_scope(text) if text else None
    except CommandError as error:
        raise Failure(error.say) from error


def _line(entry: "AuditEntry") -> str:
    from bot.places.moderation_policy import scope_text

    decision = entry.decision
    place = scope_text(entry.scope) if entry.scope else "-"
    score = "-" if decision.score is None else f"{decision.score:.3f}"
    return neutralise_terminal(
        f"{entry.id:6} {entry.created_at:%Y-%m-%d %H:%M} {entry.review.value or '-':8} {decision.direction:6} "
        f"{decision.action:6} {decision.category or '-':20} {score} {place}"
    )


def _shown(text: str | None) -> str:
    return _NOT_KEPT if text is None else neutralise_terminal(text)


def _as_json(entry: "AuditEntry") -> dict[str, Any]:
    from bot.places.moderation_policy import scope_text

    decision = entry.decision
    return {
        "id": entry.id,
        "created_at": entry.created_at.isoformat(),
        "scope": scope_text(entry.scope) if entry.scope else None,
        "person_id": entry.person_id,
        "review": entry.review.value,
        "direction": decision.direction,
        "action": decision.action,
        "category": decision.category,
        "score": decision.score,
        "threshold": decision.threshold,
        "classifier": decision.classifier,
        "version": decision.version,
        "stages": [dict(stage) for stage in decision.stages],
        "context": entry.context,
        "text": entry.text,
    }
