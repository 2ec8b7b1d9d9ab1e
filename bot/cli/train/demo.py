"""`riff train demo`: make the embedded model."""

from typing import Annotated

import typer

from bot.cli.train.options import ConfigFile, DryRun, Output, Settings, Steps, run_stage


def demo(
    output: Output = None,
    steps: Steps = None,
    seed: Annotated[int | None, typer.Option(help="Seed of corpus and weights.")] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Train the embedded model on the corpus that comes with Riff; the defaults made the shipped one."""
    from genai.training.demo.train import DemoConfig, estimate_demo, train_demo

    run_stage(
        DemoConfig,
        train_demo,
        estimate_demo,
        config=config,
        settings=settings,
        given={"output": output, "schedule.steps": steps, "schedule.seed": seed},
        dry_run=dry_run,
    )
