"""What `riff setup` asks whoever sits at the terminal: which model, and the platforms' tokens."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import typer
from pydantic import BaseModel, SecretStr

from bot.config import Settings
from bot.setup.local_servers import LocalServer
from bot.setup.machine import Machine
from bot.setup.suggested_models import suggested_models
from bot.startup_checks import Check, Level, check_discord, check_slack

_MOST_OF_A_SERVER = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model as it was named: on a `server`, or by a folder, a file or a name on the hub; "" keeps what there is."""

    model: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """One secret of a platform, and the setting that it fills."""

    variable: str
    section: str
    key: str
    called: str


SLACK = (
    Token("SLACK_BOT_TOKEN", "slack", "bot_token", "Slack's bot token (xoxb-...)"),
    Token("SLACK_APP_TOKEN", "slack", "app_token", "Slack's app-level token (xapp-...)"),
)
DISCORD = (Token("DISCORD_TOKEN", "discord", "token", "Discord's bot token"),)


def ask_model(machine: Machine, servers: Sequence[LocalServer], now: str) -> Wanted:
    """Which model is to write."""
    choices = [(f"{now}, as it is now", Wanted())]
    for server in servers:
        names = server.models[:_MOST_OF_A_SERVER] or ("",)
        choices += [(f"{name or 'a model'} by {server.told()}", Wanted(name, server.url)) for name in names]
    fitting = [one for one in suggested_models() if one.fits(machine)]
    choices += [(one.told(machine), Wanted(one.name)) for one in fitting]
    typer.echo("\nWhich model is to write?")
    for number, (told, _) in enumerate(choices, start=1):
        typer.echo(f"{number:3}. {told}")
    if not fitting:
        typer.echo("     None of the models that are suggested for download fits into this machine's memory.")
    typer.echo("     Or name a folder, a .gguf file, a model on the hub, or the address of a server.")
    while True:
        answer = typer.prompt("Model", default="1").strip()
        if not answer.isdecimal():
            return Wanted(server=answer) if is_address(answer) else Wanted(answer)
        if 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1][1]
        typer.echo(f"Write a number from 1 to {len(choices)}, or a name.")


def is_address(answer: str) -> bool:
    """Whether a server is meant."""
    return answer.startswith(("http://", "https://"))


def ask_tokens(settings: Settings) -> dict[str, str]:
    """New tokens by their variables, each platform's tried with it; what is left empty stays as it is."""
    return _ask_platform(settings, SLACK, check_slack) | _ask_platform(settings, DISCORD, check_discord)


def _ask_platform(
    settings: Settings, tokens: Sequence[Token], check: Callable[[Settings], Coroutine[Any, Any, list[Check]]]
) -> dict[str, str]:
    while True:
        given = _answers(settings, tokens)
        if not given:
            return {}
        checks = asyncio.run(check(with_tokens(settings, tokens, given)))
        show(checks)
        if all(one.level is not Level.ERROR for one in checks) or not typer.confirm(
            "Other tokens?", default=True
        ):
            return given


def _answers(settings: Settings, tokens: Sequence[Token]) -> dict[str, str]:
    given: dict[str, str] = {}
    for token in tokens:
        is_there = getattr(getattr(settings, token.section), token.key) is not None
        keep = "Enter keeps the one there is" if is_there else "Enter for none"
        answer = typer.prompt(
            f"{token.called}; {keep}", default="", show_default=False, hide_input=True
        ).strip()
        if answer:
            given[token.variable] = answer
        elif not is_there:
            break
    return given


def with_tokens(settings: Settings, tokens: Sequence[Token], given: dict[str, str]) -> Settings:
    """The settings as they would be with these tokens."""
    section: BaseModel = getattr(settings, tokens[0].section)
    new = {token.key: SecretStr(given[token.variable]) for token in tokens if token.variable in given}
    return settings.model_copy(update={tokens[0].section: section.model_copy(update=new)})


_MARKS = {Level.OK: ("ok", "green"), Level.WARNING: ("warning", "yellow"), Level.ERROR: ("error", "red")}


def show(checks: Sequence[Check]) -> None:
    """One line for each."""
    for check in checks:
        mark, colour = _MARKS[check.level]
        typer.echo(f"{typer.style(f'{mark:8}', fg=colour)}{check.name:12} {check.message}")
