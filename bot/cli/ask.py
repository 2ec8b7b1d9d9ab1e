"""`riff ask`: one prompt, or a file of prompts, through the whole pipeline."""

import asyncio
import getpass
import json
import os
import sys
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from bot.cli.shared import Failure, open_to_resume, read_file, run_async, settings
from bot.core.buttons import Panel
from bot.core.domain import Account, Document, Incoming, Outcome, Passed, Place, Reply, Verdict
from bot.core.notices import Notice
from bot.language import environment_tag
from storage.values.records import MAX_KEY_CHARACTERS

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings


def verdict_json(verdict: Verdict | None) -> dict[str, Any] | None:
    """The decision without its texts."""
    if verdict is None:
        return None
    return {
        "action": verdict.action.value,
        "category": verdict.category,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "classifier": verdict.classifier,
        "version": verdict.version,
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """A whole reply."""
    return {
        "reply": reply.text,
        "ideas": [asdict(idea) for idea in reply.ideas],
        "verdict": verdict_json(reply.verdict),
        "outcome": reply.outcome.value if reply.outcome else None,
        "latency_ms": reply.latency_ms,
        "first_text_ms": reply.first_text_ms,
        "model": reply.model,
    }


class Silent:
    """A channel that shows nothing: the reply is printed when it is complete."""

    is_for_author_only = False

    async def begin(self, *, private: bool) -> None: ...

    async def show(self, piece: Passed) -> None: ...

    async def withdraw(self) -> None: ...

    async def notice(self, notice: Notice) -> None: ...

    async def document(self, document: Document) -> None: ...

    async def panel(self, panel: Panel) -> None: ...

    async def open_thread(self, title: Panel, name: str) -> str:
        """None."""
        return ""

    async def mark(self, sign: str) -> None: ...

    async def finish(self, reply: Reply) -> None: ...


def ask(
    prompt: Annotated[str | None, typer.Argument(help="What to ask; - reads it from standard input.")] = None,
    user: Annotated[str | None, typer.Option(help="Who asks: a name, or platform:workspace:id.")] = None,
    channel: Annotated[
        str | None, typer.Option(help="The channel it is asked in; without it, nobody else reads along.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Say why each idea was chosen (--json always does), and what moderation went by.",
        ),
    ] = False,
    input_file: Annotated[
        Path | None, typer.Option("--input", help='JSON lines of {"id", "prompt"}.', dir_okay=False)
    ] = None,
    output_file: Annotated[
        Path | None,
        typer.Option("--output", help="Where the replies go; what it answers already is skipped."),
    ] = None,
) -> None:
    """Ask for ideas, copy or a brief; commands such as /brainstorm work here too."""
    if (prompt is None) == (input_file is None) or (input_file is None) != (output_file is None):
        raise Failure('say either `riff ask "PROMPT"` or `riff ask --input FILE --output FILE`.')
    author = parse_user(user)
    if input_file and output_file:
        entries = read_file(input_file, ("id", "prompt"))
        output, done = open_to_resume(output_file)
        with output:
            _ask_file([e for e in entries if json.dumps(e["id"]) not in done], author, channel, output)
        return
    text = sys.stdin.read() if prompt == "-" else prompt or ""
    _ask_one(text, author, channel, as_json, explain)


def _unhurried(loaded: "Settings") -> "Settings":
    """Whoever has a shell here may ask as fast as they like."""
    return loaded.model_copy(update={"limits": loaded.limits.model_copy(update={"messages_per_minute": 0})})


def parse_user(user: str | None) -> Account:
    """A name in the console, or `platform:workspace:id`; your login name if None."""
    parts = (user or getpass.getuser()).split(":", 2)
    if len(parts) == 3 and all(parts):
        return Account(*parts)
    if len(parts) == 1 and parts[0].strip():
        return Account("console", "local", parts[0].strip())
    raise Failure("--user is a name, or platform:workspace:id.")


def _ask_one(text: str, author: Account, channel: str | None, as_json: bool, explain: bool) -> None:
    from bot.app import App

    loaded = _unhurried(settings())

    counted: list[str] = []

    async def work() -> Reply:
        async with App(loaded) as app:
            found = await _answer(app, text, author, channel)
            if explain and not as_json:
                counted.extend(await _counted(app, text, found))
            return found

    reply = run_async(work)
    typer.echo(json.dumps(reply_json(reply)) if as_json else reply.text)
    if explain and not as_json:
        typer.echo("\n" + "\n".join([*_explained(reply), *counted]))
    if reply.outcome in {Outcome.FAILED, Outcome.WITHHELD}:
        raise typer.Exit(1)


async def _counted(app: "App", prompt: str, reply: Reply) -> list[str]:
    """The words that counted for what moderation made of the prompt, or of what was shown."""
    from bot.cli.moderate import counted_line
    from genai.moderation.occlusion import explain

    if reply.verdict is None or reply.outcome not in {Outcome.REFUSED, Outcome.ANSWERED}:
        return []
    text = prompt if reply.outcome is Outcome.REFUSED else reply.text
    words = await explain(text, reply.verdict, app.moderator.check_many)
    head = f"{reply.verdict.action.value} {reply.verdict.category} {reply.verdict.score:.3f}"
    return [f"Moderation: {head}; {counted_line(words)}"] if words else []


def _explained(reply: Reply) -> list[str]:
    """One line for each idea: its score, what that is made of, and what it was chosen from."""
    lines = []
    for idea in reply.ideas:
        if (why := idea.why) is None:
            continue
        parts = (
            ("relevance", why.relevance),
            ("concreteness", why.concreteness),
            ("form", why.form),
            ("likelihood", why.likelihood),
            ("agreement", why.agreement),
            ("novelty", why.novelty),
            ("taste", why.taste),
        )
        known = ", ".join(f"{name} {value:.2f}" for name, value in parts if value is not None)
        lines.append(
            f"{idea.position}. score {why.score:.2f} ({known}); likeness to the ideas above {why.likeness:.2f}; "
            f"the best of {why.considered} that are {why.kind}; set aside: {why.duplicates} near-duplicates, "
            f"{why.off_topic} off topic"
            + (f"; {why.given} left out that others here were given" if why.given else "")
            + (f"; {idea.because}" if idea.because else "")
        )
    return lines or ["Nothing was chosen here: only the ideas of a list are."]


def _ask_file(entries: list[dict[str, Any]], author: Account, channel: str | None, output: TextIO) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.app import App

    loaded = _unhurried(settings())
    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())

    async def work() -> None:
        async with App(loaded) as app:
            room = asyncio.Semaphore(loaded.generator.slots)

            async def one(entry: dict[str, Any]) -> None:
                async with room:
                    reply = await _answer(app, entry["prompt"], author, channel)
                output.write(json.dumps({"id": entry["id"], **reply_json(reply)}) + "\n")
                output.flush()
                progress.advance(bar)

            with Progress(*columns, console=Console(stderr=True)) as progress:
                bar = progress.add_task("asking", total=len(entries))
                async with asyncio.TaskGroup() as tasks:
                    for entry in entries:
                        tasks.create_task(one(entry))

    run_async(work)


async def _answer(app: "App", text: str, author: Account, channel: str | None) -> Reply:
    alone = f"terminal:{author.external_id}"[:MAX_KEY_CHARACTERS]
    thread = uuid.uuid4().hex
    place = Place(author.platform, author.workspace, channel or alone, thread, direct=not channel)
    incoming = Incoming(
        uuid.uuid4().hex,
        author,
        place,
        text,
        datetime.now(UTC),
        locale=environment_tag(os.environ),
        by_admin=True,  # whoever has a shell here runs it
    )
    return await app.pipeline.handle(incoming, Silent())
