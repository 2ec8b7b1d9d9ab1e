"""`riff train prune`: make a model smaller by what matters least in it, and heal it."""

from typing import Annotated

import typer

from bot.cli.shared import print_table
from bot.cli.train.options import ConfigFile, Data, DryRun, Model, Output, Settings, Steps, failures, say


def prune(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    layers: Annotated[int | None, typer.Option(min=1, help="Layers to keep.")] = None,
    heads: Annotated[int | None, typer.Option(min=1, help="Attention heads to keep in each layer.")] = None,
    key_value_heads: Annotated[
        int | None, typer.Option(min=1, help="Key/value heads to keep, of models whose heads share them.")
    ] = None,
    intermediate: Annotated[
        int | None, typer.Option(min=1, help="Feed-forward neurons to keep in each layer.")
    ] = None,
    hard_weight: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Share of the healing's loss from the written tokens; 1: no teacher."
        ),
    ] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Prune layers, heads and feed-forward width by measured importance, heal, and compare."""
    from genai.training.prune.train import PruneConfig, estimate_prune
    from genai.training.prune.train import prune as train
    from genai.training.run.config import read_config
    from genai.training.run.dry_run import estimate_lines

    given = {
        "model": model,
        "data": data,
        "output": output,
        "keep.layers": layers,
        "keep.heads": heads,
        "keep.key_value_heads": key_value_heads,
        "keep.intermediate": intermediate,
        "targets.hard_weight": hard_weight,
        "schedule.steps": steps,
    }
    with failures():
        ready = read_config(PruneConfig, config, settings or (), given)
        if dry_run:
            say(estimate_lines(estimate_prune(ready)))
            return
        summary = train(ready)
        say(summary.training.lines())
        print_table(summary.rows())
