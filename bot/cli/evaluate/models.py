"""`riff eval models`: perplexity, size, speed and task scores."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.shared import print_table
from bot.cli.train import failures


def models(
    paths: Annotated[
        list[str], typer.Argument(metavar="MODEL...", help="Folders, .gguf files, hub names, embedded.")
    ],
    data: Annotated[Path, typer.Option(help="Text (.txt, .md) or JSON lines of messages.")],
    quantization: Annotated[
        Literal["none", "int8", "nf4", "nf4-double"], typer.Option(help="How weights are stored.")
    ] = "none",
    limit: Annotated[int, typer.Option(min=0, help="Texts to read at most; 0 reads all.")] = 0,
    tasks: Annotated[
        int,
        typer.Option(
            min=0, help="Ideas are asked for so many times and the replies scored; 0: perplexity only."
        ),
    ] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """Compare perplexity, size, speed and task scores of models and adapters."""
    with failures():
        from genai.training.measure.comparison import compare_models

        found = compare_models(paths, data, quantization, limit, tasks)
    if as_json:
        typer.echo(json.dumps([figures.row() | figures.task_row() for figures in found]))
        return
    print_table([figures.row() for figures in found])
    if tasks:
        print_table([figures.task_row() for figures in found])
