"""`riff train distil`: train a small model on a large one's opinions."""

from typing import Annotated

import typer

from bot.cli.shared import print_table
from bot.cli.train.options import ConfigFile, Data, DryRun, Output, Settings, Steps, failures, say


def distil(
    teacher: Annotated[str | None, typer.Option(help="Model folder, hub name, or demo.")] = None,
    student: Annotated[
        str | None, typer.Option(help="Model to train; a new, smaller one if left out.")
    ] = None,
    data: Data = None,
    output: Output = None,
    layers: Annotated[int | None, typer.Option(min=1, help="Layers of a new student.")] = None,
    hidden: Annotated[int | None, typer.Option(min=8, help="Width of a new student.")] = None,
    temperature: Annotated[float | None, typer.Option(help="Softens the teacher's opinions.")] = None,
    hard_weight: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of the loss from the written tokens.")
    ] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Distil a teacher into a student by soft targets, and compare the two."""
    from genai.training.distil.train import DistilConfig, estimate_distil
    from genai.training.distil.train import distil as train
    from genai.training.run.config import read_config
    from genai.training.run.dry_run import estimate_lines

    given = {
        "teacher": teacher,
        "student": student,
        "data": data,
        "output": output,
        "size.layers": layers,
        "size.hidden": hidden,
        "targets.temperature": temperature,
        "targets.hard_weight": hard_weight,
        "schedule.steps": steps,
    }
    with failures():
        ready = read_config(DistilConfig, config, settings or (), given)
        if dry_run:
            say(estimate_lines(estimate_distil(ready)))
            return
        summary = train(ready)
        say(summary.training.lines())
        print_table(summary.rows())
