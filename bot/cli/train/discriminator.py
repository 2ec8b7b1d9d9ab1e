"""`riff train discriminator`: learn to tell written from generated text, and liked from disliked."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.train.options import ConfigFile, DryRun, Output, Settings, failures, say

Texts = Annotated[
    list[Path] | None, typer.Option(help="Text file (a text a line), .jsonl file or folder; repeatable.")
]
Pairs = Annotated[
    list[Path] | None, typer.Option(help="Preference pairs, as `riff train feedback` makes; repeatable.")
]


def discriminator(
    output: Output = None,
    written: Texts = None,
    generated: Texts = None,
    preferences: Pairs = None,
    encoder: Annotated[
        str | None, typer.Option(help="Transformer encoder to fine-tune; a linear model if left out.")
    ] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Learn to tell written from generated text, and liked from disliked, to rank candidates by."""
    from genai.training.discriminator.train import DiscriminatorConfig, plan
    from genai.training.discriminator.train import discriminator as train
    from genai.training.run.config import read_config

    given = {
        "output": output,
        "written": written,
        "generated": generated,
        "preferences": preferences,
        "encoder": encoder,
    }
    with failures():
        ready = read_config(DiscriminatorConfig, config, settings or (), given)
        say(plan(ready) if dry_run else train(ready).lines())
