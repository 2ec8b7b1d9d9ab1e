"""What the training commands share: settings from a file or one by one, dry run, and reporting."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.shared import Failure

if TYPE_CHECKING:
    from genai.training.run.dry_run import Estimate
    from genai.training.run.result import Summary

C = TypeVar("C")

ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file with the command's settings.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A setting, e.g. schedule.learning_rate=1e-4; repeatable."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say how much data, memory and time it would take.")
]
Data = Annotated[Path | None, typer.Option(help="Data file, or a folder of them.")]
Model = Annotated[str | None, typer.Option(help="Model folder, hub name, or demo.")]
Output = Annotated[Path | None, typer.Option(help="New folder, or that of a stopped run to go on with.")]
Steps = Annotated[int | None, typer.Option(min=1, help="Optimiser steps, in place of passes over the data.")]


def run_stage(
    kind: type[C],
    stage: "Callable[[C], Summary]",
    estimate_stage: "Callable[[C], Estimate]",
    *,
    config: Path | None,
    settings: list[str] | None,
    given: Mapping[str, Any],
    dry_run: bool,
) -> None:
    """Read the settings, then train and print the summary, or print the estimate; raises Failure."""
    from genai.training.run.config import read_config
    from genai.training.run.dry_run import estimate_lines

    with failures():
        ready = read_config(kind, config, settings or (), given)
        say(estimate_lines(estimate_stage(ready)) if dry_run else stage(ready).lines())


@contextmanager
def failures() -> Iterator[None]:
    """Turn what training expects to go wrong into Failure, one sentence on the terminal."""
    from genai.errors import GenerationError
    from genai.training.run.distributed import leave_together
    from genai.training.run.errors import TrainingError

    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it recommends packages at each start
    try:
        yield
        leave_together()
    except (TrainingError, GenerationError) as error:
        raise Failure(error.say) from error
    except KeyboardInterrupt:
        sys.stderr.write("riff: stopped; give the same command again to go on from the last checkpoint.\n")
        raise


def say(lines: list[str]) -> None:
    """Print lines, from the main process only."""
    from genai.training.run.distributed import is_main

    if is_main():
        for line in lines:
            typer.echo(line)
