"""`riff moderate`: the moderation chain over JSON lines or plain lines."""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any

import typer

from bot.cli.json_lines import parse_lines
from bot.cli.shared import run_async, settings
from bot.domain import Verdict

_BATCH = 512


def moderate(
    as_json: Annotated[
        bool, typer.Option("--json", help='Read JSON lines {"id", "text"} and print JSON lines, in order.')
    ] = False,
) -> None:
    """Check the texts on standard input: one plain text a line, or JSON lines with --json."""
    from genai.moderation import load

    loaded = settings()
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    entries = parse_lines(sys.stdin, "standard input", ("id", "text")) if as_json else _plain(sys.stdin)

    async def work() -> None:
        moderator = load(loaded.moderation)
        await moderator.start()
        try:
            while batch := await asyncio.to_thread(_take, entries):
                verdicts = await moderator.check_many([entry["text"] for entry in batch])
                for entry, verdict in zip(batch, verdicts, strict=True):
                    typer.echo(_json_line(entry, verdict) if as_json else _text_line(verdict))
        finally:
            await moderator.close()

    run_async(work)


def _plain(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield from ({"id": number, "text": line.rstrip("\n")} for number, line in enumerate(lines, start=1))


def _take(entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(entries, _BATCH))


def _json_line(entry: dict[str, Any], verdict: Verdict) -> str:
    return json.dumps(
        {
            "id": entry["id"],
            "action": verdict.action.value,
            "category": verdict.category,
            "score": verdict.score,
            "scores": dict(verdict.scores),
            "redacted_text": verdict.redacted_text,
        }
    )


def _text_line(verdict: Verdict) -> str:
    shown = verdict.redacted_text or "(blocked)"
    return f"{verdict.action.value:7} {verdict.category or '-':16} {verdict.score:.3f}  {shown}"
