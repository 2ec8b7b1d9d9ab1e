"""Puts the commands together and turns every expected trouble into one sentence and an exit code."""

import gc
import os
import sys

import typer

from bot.cli import (
    ask,
    backup,
    choose,
    database,
    evaluate,
    generate,
    likeness,
    moderate,
    privacy,
    prompt,
    review,
    run,
    scope_settings,
    setup,
    shipped_settings,
    template,
    train,
    usage,
    voice,
)
from bot.cli.shared import Failure, remember_config

_NEW_OBJECTS = 50_000
"""Before Python looks for garbage; 700, its own number, costs a second and a half of a start that only imports."""

app = typer.Typer(
    name="riff",
    help="A self-hosted brainstorming partner: quantised model, personal answers, everything moderated.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.callback()(remember_config)
app.command("chat")(run.chat)
app.command("run")(run.run)
app.command("web")(run.web)
app.command("ask")(ask.ask)
app.command("generate")(generate.generate)
app.command("prompt")(prompt.prompt)
app.command("setup")(setup.setup)
app.command("doctor")(run.doctor)
app.command("config")(shipped_settings.config)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(database.app, name="db")
app.add_typer(privacy.app, name="privacy")
app.add_typer(moderate.app, name="moderate")
app.command("likeness")(likeness.likeness)
app.command("choose")(choose.choose)
app.command("usage")(usage.usage)
app.add_typer(review.app, name="review")
app.add_typer(scope_settings.app, name="settings")
app.add_typer(template.app, name="template")
app.add_typer(voice.app, name="voice")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="eval")


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        app(prog_name="riff")
    except Failure as failure:
        typer.secho(f"riff: {failure.say}", fg="red", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left, e.g. `| head`
        sys.exit(141)
