"""`riff train merge`: make a full model of an adapter and its base."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.train.options import failures, say


def merge(
    adapter: Annotated[Path, typer.Option(help="Folder of the adapter.")],
    output: Annotated[Path, typer.Option(help="New folder for the full model.")],
    model: Annotated[str, typer.Option(help="Base, if not the one that the adapter names.")] = "",
) -> None:
    """Merge a LoRA adapter into its base, as one full model."""
    from genai.training.merge import MergeConfig
    from genai.training.merge import merge as join

    with failures():
        say(join(MergeConfig(adapter, output, model)).lines())
