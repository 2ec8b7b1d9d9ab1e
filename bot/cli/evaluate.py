"""`riff eval`: measure models."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import evaluate_models

app = typer.Typer(help="Measure models.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Measure models."""


@app.command()
def demo(
    model: Annotated[
        Path | None, typer.Option(help="A trained folder; the shipped model if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score the embedded model on topics that it never saw in training."""
    from genai.training.evaluation import DEMO_FOLDER, evaluate_demo

    figures = evaluate_demo(model or DEMO_FOLDER)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:24} {value:.4f}")


app.command("models")(evaluate_models.models)
