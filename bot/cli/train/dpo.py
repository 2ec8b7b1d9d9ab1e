"""`riff train dpo`: train an adapter on preferences, and serve it only if it wins."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.train.options import (
    ConfigFile,
    Data,
    DryRun,
    Model,
    Output,
    Settings,
    Steps,
    failures,
    say,
)


def dpo(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    beta: Annotated[float | None, typer.Option(help="How strongly it is held near the base.")] = None,
    quantization: Annotated[
        str | None, typer.Option(help="How the base is stored: none, or nf4 (QLoRA).")
    ] = None,
    promote: Annotated[
        Path | None, typer.Option(help="Copy the adapter to this folder if it wins; else exit code 1.")
    ] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Train an adapter on preference pairs (DPO), and measure whether it wins over its base."""
    from genai.training.dpo.promotion import promote as serve
    from genai.training.dpo.train import DpoConfig, estimate_dpo
    from genai.training.dpo.train import dpo as train
    from genai.training.run.config import read_config
    from genai.training.run.distributed import is_main
    from genai.training.run.dry_run import estimate_lines

    given = {
        "model": model,
        "data": data,
        "output": output,
        "beta": beta,
        "quantization": quantization,
        "schedule.steps": steps,
    }
    with failures():
        ready = read_config(DpoConfig, config, settings or (), given)
        if dry_run:
            say(estimate_lines(estimate_dpo(ready)))
            return
        summary = train(ready)
        say(summary.lines())
        if promote is not None and is_main():
            serve(ready.output, summary.comparison, promote)
            say([f"Promoted to {promote}."])
