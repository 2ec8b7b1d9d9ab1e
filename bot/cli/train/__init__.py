"""`riff train`: train models. One file for each command, registered here in one line."""

import typer

from bot.cli.train import demo

app = typer.Typer(help="Train models.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Train models."""


app.command("demo")(demo.demo)
