"""`riff prompt`: what the model is told for a prompt, word for word."""

import json
from dataclasses import asdict
from typing import Annotated, Literal, cast

import typer

from bot.cli.generate import brief_in
from bot.cli.shared import Failure, settings


def prompt(
    text: Annotated[str, typer.Argument(help="What somebody asks; commands such as /brainstorm work too.")],
    style: Annotated[
        str,
        typer.Option(help="How it is asked: instruct or plain; without it as the model in the settings is."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the turns that the model is given for a prompt; asks no model, and knows no person and no thread."""
    from bot.core.text_cleaning import clean
    from bot.generation.applications.formats import first_asked
    from bot.generation.text_generation import ReplyLanguage
    from genai.prompts import PROMPT_VERSIONS, build_turns

    if style not in ("", "instruct", "plain"):
        raise Failure("--style is instruct or plain.")
    loaded, asked = settings(), clean(text)
    if not asked:
        raise Failure("the prompt is empty; say what somebody asks.")
    chosen = cast("Literal['instruct', 'plain']", style or loaded.generator.prompt_style)
    brief = ReplyLanguage(loaded.generator).fit(first_asked(brief_in(asked, loaded.limits)))
    turns, version = build_turns(brief, style=chosen), PROMPT_VERSIONS[chosen]
    if as_json:
        typer.echo(json.dumps({"prompt_version": version, "turns": [asdict(turn) for turn in turns]}))
        return
    typer.secho(f"--- prompt version {version}", fg="yellow")
    for turn in turns:
        typer.secho(f"--- {turn.role}", fg="yellow")
        typer.echo(turn.content)
