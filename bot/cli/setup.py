"""`riff setup`: from nothing to a Riff that runs; run again it changes only what is answered anew."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import Failure, operator_sentence, run_async, settings
from bot.core.errors import RiffError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Settings
    from bot.setup.chosen_model import Chosen
    from bot.setup.local_servers import LocalServer
    from bot.setup.machine import Machine
    from bot.setup.setup_questions import Wanted

_KEPT = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DISCORD_TOKEN",
    "OPENAI_API_KEY",
    "HF_TOKEN",
)
"""Secrets that `--yes` takes from the environment."""


def setup(
    model: Annotated[
        str | None,
        typer.Option(help="A folder, a .gguf file, a name on the hub, a server's name for it, or embedded."),
    ] = None,
    server: Annotated[
        str | None, typer.Option(help="A server of OpenAI's protocol, http://host:port/v1.")
    ] = None,
    env: Annotated[Path | None, typer.Option(help="Where secrets go; else .env beside the settings.")] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Ask nothing: take what is named here, and tokens from the environment."),
    ] = False,
    check: Annotated[bool, typer.Option(help="End with what `riff doctor` checks.")] = True,
) -> None:
    """Choose a model, give tokens, and write config.toml and .env; then check everything."""
    from bot.config.env_file import env_file
    from bot.config.sources import user_file
    from bot.setup.setup_questions import Wanted, ask_tokens
    from bot.setup.written_files import write_secrets, write_settings

    file = Path(os.environ["RIFF_CONFIG"]) if os.environ.get("RIFF_CONFIG") else user_file()
    given = {name: os.environ[name] for name in _KEPT if yes and os.environ.get(name)}
    try:
        if not file.exists():
            write_settings(file, "generator", {})
        now = settings()
        wanted = Wanted(model or "", server or "")
        chosen = _chosen(now, wanted if model or server or yes else None, may_ask=not yes)
        secrets = given | chosen.secrets | ({} if yes else ask_tokens(now))
        if chosen.generator:
            write_settings(file, "generator", chosen.generator)
        secrets |= _named_in(env or env_file(), chosen)
        if secrets or env:
            write_secrets(env or env_file(), secrets)
    except RiffError as error:
        raise Failure(operator_sentence(error)) from error
    os.environ.update(secrets)
    typer.echo(f"\nWritten: {file}" + (f" and {env or env_file()}" if secrets or env else ""))
    if check:
        _check()


def _chosen(now: "Settings", wanted: "Wanted | None", *, may_ask: bool) -> "Chosen":
    """What the settings are to say of the model, nothing where it stays; what cannot be had is asked for again."""
    from bot.setup.machine import look_at_machine
    from bot.setup.setup_questions import ask_model

    if wanted is not None:
        machine = look_at_machine() if wanted.model and not wanted.server else None
        return _settled(now, wanted, machine, may_ask=may_ask)
    machine = look_at_machine()
    typer.echo(machine.told())
    found = _servers_here()
    token: dict[str, str] = {}
    while True:
        wanted = wanted or ask_model(machine, found, now.generator.model)
        try:
            chosen = _settled(now, wanted, machine, may_ask=True)
            return replace(chosen, secrets=chosen.secrets | token)
        except RiffError as error:
            typer.secho(operator_sentence(error), fg="red")
            token = _hub_token(error)
            wanted = wanted if token else None


def _hub_token(error: RiffError) -> dict[str, str]:
    """What a model behind a licence wants, if it is given; the hub's library reads it from the environment, too."""
    from bot.setup.hub_download import LicenceWanted

    if not isinstance(error, LicenceWanted):
        return {}
    answer = typer.prompt(
        "The hub's token (hf_...); Enter for another model", default="", show_default=False, hide_input=True
    ).strip()
    token = {"HF_TOKEN": answer} if answer else {}
    os.environ.update(token)
    return token


def _servers_here() -> "Sequence[LocalServer]":
    from bot.setup.local_servers import find_servers

    found = run_async(find_servers)
    for one in found:
        typer.echo(f"Running here: {one.told()}")
    if not found:
        typer.echo("No server of models runs here.")
    return found


def _settled(now: "Settings", wanted: "Wanted", machine: "Machine | None", *, may_ask: bool) -> "Chosen":
    from bot.setup.chosen_model import Chosen, on_server, on_this_machine
    from genai.model.loading.digests import models_folder

    if wanted.server:
        key = now.generator.api_key.get_secret_value() if now.generator.api_key else ""
        return asyncio.run(on_server(wanted.server, wanted.model, key, _ask if may_ask else _refuse))
    if machine is None or not wanted.model:
        return Chosen({})
    return on_this_machine(wanted.model, machine, models_folder(now.generator.cache_folder), typer.echo)


def _ask(what: str, names: tuple[str, ...]) -> str:
    if names:
        typer.echo("\n".join(f"     {name}" for name in names))
    answer: str = typer.prompt(what, hide_input=not names)
    return answer.strip()


def _refuse(what: str, names: tuple[str, ...]) -> str:
    if not names:
        raise Failure(f"{what} is wanted, or it is wrong; set OPENAI_API_KEY.")
    raise Failure(f"The server has several models; say by --model which: {', '.join(names)}.")


def _named_in(file: Path, chosen: "Chosen") -> dict[str, str]:
    """Variables of that file which would win over what has just been chosen, with their new values."""
    from bot.config.env_file import parsed

    said = parsed(file.read_text(encoding="utf-8")) if file.is_file() else {}
    again: dict[str, str] = {}
    for key, value in chosen.generator.items():
        variable = f"RIFF_GENERATOR__{key}".upper()
        shown = ",".join(value) if isinstance(value, list) else str(value)
        if variable in said and value is not None:
            again[variable] = shown
        elif variable in os.environ and os.environ[variable] != shown:
            typer.echo(f"{variable} in the environment wins over the settings; unset it.")
    return again


def _check() -> None:
    from bot.setup.setup_questions import show
    from bot.startup_checks import Level, check_all

    typer.echo("Checking all of it, as `riff doctor` does ...")
    checks = asyncio.run(check_all(settings()))
    show(checks)
    if any(one.level is Level.ERROR for one in checks):
        raise typer.Exit(1)
    typer.echo("\nRiff is ready: `riff chat` here, `riff run` for the platforms.")
