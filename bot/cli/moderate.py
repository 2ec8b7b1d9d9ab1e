"""`riff moderate`: the moderation chain over JSON lines or plain lines, explained where asked."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.calibrate import calibrate
from bot.cli.json_lines import parse_lines
from bot.cli.shared import run_async, settings
from bot.core.domain import Verdict

if TYPE_CHECKING:
    from genai.moderation import Policy

_BATCH = 512

app = typer.Typer(
    help="Check the texts on standard input; `calibrate` suggests thresholds.", invoke_without_command=True
)
app.command("calibrate")(calibrate)


@app.callback()
def moderate(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help='Read JSON lines {"id", "text"} and print JSON lines, in order.')
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each stage's decision, score and threshold.")
    ] = False,
    scope: Annotated[
        str, typer.Option(help="Judge as in this place: platform:workspace or platform:workspace:channel.")
    ] = "",
) -> None:
    """Check the texts on standard input: one plain text a line, or JSON lines with --json."""
    if context.invoked_subcommand is not None:
        return
    from genai.moderation import load

    loaded = settings()
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    entries = parse_lines(sys.stdin, "standard input", ("id", "text")) if as_json else _plain(sys.stdin)

    async def work() -> None:
        policy = await _policy(scope) if scope else None
        moderator = load(loaded.moderation)
        await moderator.start()
        try:
            while batch := await asyncio.to_thread(_take, entries):
                verdicts = await moderator.check_many([entry["text"] for entry in batch], policy=policy)
                for entry, verdict in zip(batch, verdicts, strict=True):
                    typer.echo(
                        _json_line(entry, verdict, explain) if as_json else _text_line(verdict, explain)
                    )
        finally:
            await moderator.close()

    run_async(work)


async def _policy(scope: str) -> "Policy":
    from bot.core.repositories import Memory
    from bot.places.policy import Policies, parse_scope
    from storage.database import Database

    loaded = settings()
    database = Database(loaded.storage)
    try:
        await database.start()
        return await Policies(loaded.moderation, Memory(database).scopes).of(parse_scope(scope))
    finally:
        await database.close()


def _plain(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield from ({"id": number, "text": line.rstrip("\n")} for number, line in enumerate(lines, start=1))


def _take(entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(entries, _BATCH))


def _json_line(entry: dict[str, Any], verdict: Verdict, explain: bool) -> str:
    line = {
        "id": entry["id"],
        "action": verdict.action.value,
        "category": verdict.category,
        "score": verdict.score,
        "scores": dict(verdict.scores),
        "redacted_text": verdict.redacted_text,
    }
    if explain:
        line |= {"threshold": verdict.threshold, "stages": [_stage(stage) for stage in verdict.stages]}
    return json.dumps(line)


def _stage(stage: Any) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "action": stage.action.value,
        "category": stage.category,
        "score": stage.score,
        "threshold": stage.threshold,
        "classifier": stage.classifier,
        "version": stage.version,
        "scores": dict(stage.scores),
        "redactions": [
            {"start": part.start, "end": part.end, "entity": part.entity} for part in stage.redactions
        ],
    }


def _text_line(verdict: Verdict, explain: bool) -> str:
    shown = verdict.redacted_text or "(blocked)"
    line = f"{verdict.action.value:7} {verdict.category or '-':16} {verdict.score:.3f}  {shown}"
    return "\n".join([line, *(_explained(stage) for stage in verdict.stages)]) if explain else line


def _explained(stage: Any) -> str:
    found = f"{stage.category or '-':20} score {stage.score:.3f}  threshold {stage.threshold:.3f}"
    redacted = f"  redacts {', '.join(part.entity for part in stage.redactions)}" if stage.redactions else ""
    return f"    {stage.stage:16} {stage.action.value:7} {found}  {stage.version}{redacted}"
