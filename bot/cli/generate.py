"""`riff generate`: raw candidates, before moderation."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.shared import Failure, run_async, settings
from bot.config.settings import LimitSettings
from bot.core.commands import command_named, parse, typed_command
from bot.core.domain import Brief, Invocation, Task
from bot.core.errors import CommandError
from bot.generation.applications.formats import first_asked
from bot.interactions.own_words import made


def brief_in(text: str, limits: LimitSettings) -> Brief:
    """What a prompt asks the model for; raises Failure for one that asks it for nothing."""
    from genai.answers.requests import understand

    try:
        typed = typed_command(text)
        if typed is None:
            asked = understand(text, listed=0)
            meant = made(asked, limits) if asked else None
            return meant.fit(_brief_of(meant.invocation, limits)) if meant else Brief(Task.CHAT, text)
        return _brief_of(parse(command_named(typed.name), typed.rest), limits)
    except CommandError as error:
        raise Failure(error.say) from error


if TYPE_CHECKING:
    from genai.request import Completion


def _brief_of(asked: Invocation, limits: LimitSettings) -> Brief:
    verb = command_named(asked.command).verb(asked.verb)
    if verb is None or verb.brief is None:
        raise Failure(f"/{asked.command} asks the model for nothing; use a creative command or plain words.")
    return verb.brief(asked, limits)


def generate(
    prompt: Annotated[str, typer.Argument(help="What to ask; commands such as /brainstorm work too.")],
    n: Annotated[int, typer.Option("-n", "--candidates", min=1, max=64, help="How many candidates.")] = 4,
    seed: Annotated[int | None, typer.Option(help="Makes the candidates repeatable.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print raw candidates of the model. They have NOT passed moderation: for tuning, never for a channel."""
    from dataclasses import replace

    from bot.core.text_cleaning import clean
    from genai.factory import load
    from genai.prompts import build_turns
    from genai.request import Completion, GenerationRequest

    loaded = settings()
    text = clean(prompt)
    if not text:
        raise Failure("the prompt is empty; say what the candidates should be about.")
    turns = build_turns(first_asked(brief_in(text, loaded.limits)), style=loaded.generator.prompt_style)

    async def work() -> tuple[Completion, ...]:
        generator = load(loaded.generator)
        await generator.start()
        try:
            sampling = loaded.generator.default_sampling(generator.info.suited)
            if seed is not None:
                sampling = replace(sampling, seed=seed)
            seconds = loaded.generator.deadline_seconds
            return await generator.complete(
                GenerationRequest(turns, sampling, candidates=n, deadline_seconds=seconds)
            )
        finally:
            await generator.close()

    candidates = [_entry(number, completion) for number, completion in enumerate(run_async(work), start=1)]
    if as_json:
        typer.echo(json.dumps({"prompt": text, "moderated": False, "candidates": candidates}))
        return
    for entry in candidates:
        typer.secho(f"--- candidate {entry['candidate']}, NOT moderated, {entry['finish']}", fg="yellow")
        typer.echo(entry["text"])


def _entry(number: int, completion: "Completion") -> dict[str, Any]:
    """What is printed of a candidate."""
    return {
        "candidate": number,
        "text": completion.text,
        "finish": completion.finish,
        "tokens": completion.tokens,
        "thought_tokens": completion.thought_tokens,
        "mean_log_probability": completion.mean_log_probability,
    }
