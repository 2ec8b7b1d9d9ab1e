"""`riff train adversarial`: a model and a discriminator learn from each other in rounds."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shared import print_table
from bot.cli.train.options import ConfigFile, Data, DryRun, Model, Output, Settings, Steps, failures, say


def adversarial(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="Rounds at most.")] = None,
    samples: Annotated[
        int | None, typer.Option(min=1, help="Answers to each prompt, of which the best is learnt.")
    ] = None,
    preferences: Annotated[
        list[Path] | None, typer.Option(help="Preference pairs for the discriminator; repeatable.")
    ] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """In rounds: the model writes, a discriminator learns to tell, and the model learns from its best."""
    from genai.training.adversarial.train import AdversarialConfig, estimate_adversarial
    from genai.training.adversarial.train import adversarial as train
    from genai.training.run.config import read_config
    from genai.training.run.dry_run import estimate_lines

    given = {
        "model": model,
        "data": data,
        "output": output,
        "rounds": rounds,
        "samples": samples,
        "preferences": preferences or None,
        "schedule.steps": steps,
    }
    with failures():
        ready = read_config(AdversarialConfig, config, settings or (), given)
        if dry_run:
            found, answers, seconds = estimate_adversarial(ready)
            say(["fine-tuning of one round:", *estimate_lines(found)])
            say([f"writing     {answers:,} answers in each round: about {seconds:.0f} s"])
            return
        summary = train(ready)
        print_table(summary.rows())
        say(summary.lines())
