"""`riff train quantize`: what fewer bits for each weight cost and save."""

from typing import Annotated

import typer

from bot.cli.shared import print_table
from bot.cli.train.options import ConfigFile, Data, DryRun, Model, Output, Settings, failures, say


def quantize(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Texts to read at most; 0 reads all.")] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Report perplexity, size and speed of a model without quantisation, in int8, NF4 and doubled NF4."""
    from genai.training.quantize import QuantizeConfig, plan
    from genai.training.quantize import quantize as measure
    from genai.training.run.config import read_config

    given = {"model": model, "data": data, "output": output, "limit": limit}
    with failures():
        ready = read_config(QuantizeConfig, config, settings or (), given)
        if dry_run:
            say(plan(ready))
            return
        report = measure(ready)
        print_table(report.rows())
        say([f"{report.output}: README.md and figures.json"])
