"""`riff train ensemble`: make one of several fine-tuned models."""

from typing import Annotated

import typer

from bot.cli.shared import print_table
from bot.cli.train.options import ConfigFile, Data, DryRun, Output, Settings, failures, say


def ensemble(
    model: Annotated[
        list[str] | None, typer.Option(help="A member: model or adapter folder, hub name, or demo; repeat.")
    ] = None,
    data: Data = None,
    output: Output = None,
    kind: Annotated[
        str | None,
        typer.Option(help="greedy_soup or uniform_soup (weights averaged), linear or log_linear (mixed)."),
    ] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Average the weights of fine-tuned models, or mix what they predict, as fits a validation set."""
    from genai.training.ensemble.train import EnsembleConfig, plan
    from genai.training.ensemble.train import ensemble as combine
    from genai.training.run.config import read_config

    given = {"model": model or None, "data": data, "output": output, "kind": kind}
    with failures():
        ready = read_config(EnsembleConfig, config, settings or (), given)
        if dry_run:
            say(plan(ready))
            return
        found = combine(ready)
        print_table(found.rows)
        say(found.lines())
