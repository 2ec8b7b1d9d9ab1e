"""`riff train demo`: make the embedded model."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer


def demo(
    output: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("runs/demo/model"),
    checkpoints: Annotated[
        Path, typer.Option(help="Checkpoints; a run that was stopped goes on from them.")
    ] = Path("runs/demo/checkpoints"),
    steps: Annotated[
        int | None, typer.Option(min=1, help="Optimiser steps; the default made the shipped model.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of corpus and weights.")] = 1,
) -> None:
    """Train the embedded model on the corpus that comes with Riff."""
    from genai.training.demo import DemoConfig, train_demo

    config = DemoConfig(output=output, checkpoints=checkpoints, seed=seed)
    summary = train_demo(config if steps is None else replace(config, steps=steps))
    typer.echo(
        f"{summary.output}: {summary.parameters / 1e6:.1f} M parameters after {summary.steps} steps, "
        f"{summary.tokens / 1e6:.1f} M tokens, loss {summary.final_loss:.3f}"
    )
