"""`riff eval`: measure models, and the corpus of the embedded one."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import evaluate_brainstorm, evaluate_models, evaluate_moderation
from bot.cli.shared import Failure
from genai.chat import Turn

app = typer.Typer(help="Measure models.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def _group() -> None:
    """Measure models."""


@app.command()
def demo(
    model: Annotated[
        Path | None, typer.Option(help="A trained folder; the shipped model if left out.")
    ] = None,
    prompts: Annotated[int, typer.Option(min=1, help="How many briefs it answers.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of briefs and sampling.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Score the embedded model on topics that it never saw in training.

    `dont_words_used` and the `served_` figures are of replies as people see them, after Riff dropped repetitions
    and don't-words and asked again; all others are of the model's own, unfiltered text.
    """
    if model is not None and not (model / "config.json").is_file():
        raise Failure(f"There is no model in {model}: it has no config.json.")
    from bot.evaluation.served_replies import served_figures
    from genai.training.evaluation import DEMO_FOLDER, evaluate_demo

    folder = model or DEMO_FOLDER
    figures = evaluate_demo(folder, prompts=prompts, seed=seed)
    served = served_figures(folder, prompts, seed)
    shown = {
        "unfiltered_dont_words_used": figures["dont_words_used"],
        "dont_words_used": served.pop("served_dont_words_used"),
    }
    _print(figures | shown | served, as_json=as_json)


@app.command()
def corpus(
    tokens: Annotated[int, typer.Option(min=1, help="How much training text to make.")] = 10_000_000,
    export: Annotated[
        Path | None, typer.Option(help="Also write the conversations here, as JSON lines that sft reads.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count the embedded model's corpus: tokens, exact duplicates, held-out topics that leaked."""
    from transformers import AutoTokenizer

    from genai.training.corpus.examples import Example
    from genai.training.corpus.library import load_library
    from genai.training.corpus.measure import measure_corpus
    from genai.training.demo.dataset import encode_example
    from genai.training.evaluation import DEMO_FOLDER

    tokenizer = AutoTokenizer.from_pretrained(DEMO_FOLDER)

    with export.open("w", encoding="utf-8") if export else nullcontext() as file:

        def count(example: Example) -> int:
            if file:
                turns = (*example.turns, Turn("assistant", example.answer))
                file.write(json.dumps({"messages": [asdict(turn) for turn in turns]}) + "\n")
            return len(encode_example(tokenizer, example).ids)

        _print(asdict(measure_corpus(load_library(), tokens, count)), as_json=as_json)


def _print(figures: Mapping[str, float], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:24} {value:,}" if isinstance(value, int) else f"{name:24} {value:.4f}")


app.command("models")(evaluate_models.models)
app.command("moderation")(evaluate_moderation.moderation)
app.command("brainstorm")(evaluate_brainstorm.brainstorm)
