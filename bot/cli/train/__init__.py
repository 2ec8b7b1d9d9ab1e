"""`riff train`: train models. Every stage declares its own settings (`genai.training`); each becomes an option here."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import typer

from bot.cli.shared import Failure, print_table

if TYPE_CHECKING:
    from genai.training.run.stage import Result, Stage

app = typer.Typer(help="Train models.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Command:
    """One line of help, and the module whose STAGE it runs: imported only then, for it loads PyTorch."""

    help: str
    module: str


COMMANDS: Final = {
    "tokenizer": Command(
        "Learn a byte-level BPE tokenizer from text (.txt, .md, .jsonl).", "genai.training.tokenizer"
    ),
    "pretrain": Command(
        "Train a language model on plain text (.txt, .md, .jsonl): a new one, or one that exists.",
        "genai.training.pretrain",
    ),
    "sft": Command(
        "Fine-tune a whole model on conversations (JSON lines of messages), with loss on the answers only.",
        "genai.training.sft",
    ),
    "lora": Command(
        "Train a LoRA adapter on conversations; with --quantization nf4 it is QLoRA.", "genai.training.lora"
    ),
    "embedded": Command(
        "Train the embedded model's adapter again, from the conversations that were written for it.",
        "genai.training.embedded_adapter",
    ),
    "merge": Command("Merge a LoRA adapter into its base, as one full model.", "genai.training.merge"),
    "discriminator": Command(
        "Learn to tell written from generated text, and liked from disliked, to rank candidates by.",
        "genai.training.discriminator.train",
    ),
    "feedback": Command(
        "Make a preference set of the likes, saves, edits and dislikes of people who gave their consent.",
        "bot.cli.train.feedback",
    ),
    "quantize": Command(
        "Report perplexity, size and speed of a model without quantisation, in int8, NF4 and doubled NF4.",
        "genai.training.quantize",
    ),
    "dpo": Command(
        "Train an adapter on preference pairs (DPO), and measure whether it wins over its base.",
        "genai.training.dpo.train",
    ),
    "distil": Command(
        "Distil a teacher into a student by soft targets, and compare the two.", "genai.training.distil.train"
    ),
    "prune": Command(
        "Prune layers, heads and feed-forward width by measured importance, heal, and compare.",
        "genai.training.prune.train",
    ),
    "likeness": Command(
        "Fit what tells whether two texts say the same to partitions of answers, and measure it.",
        "genai.training.likeness.fit",
    ),
    "ensemble": Command(
        "Average the weights of fine-tuned models, or mix what they predict, as fits a validation set.",
        "genai.training.ensemble.train",
    ),
    "adversarial": Command(
        "In rounds: the model writes, a discriminator learns to tell, and the model learns from its best.",
        "genai.training.adversarial.train",
    ),
}


@app.callback()
def _group() -> None:
    """Train models."""


def run(name: str, arguments: Sequence[str]) -> None:
    """Train as the arguments say and print what came out, or only what it would need; raises Failure."""
    with failures():
        from bot.cli.train.arguments import read_call
        from genai.training.run.stage import require

        command = COMMANDS[name]
        stage: Stage[Any] = import_module(command.module).STAGE
        call = read_call(stage, f"riff train {name}", command.help, arguments)
        require(stage.needs)
        if call.dry_run and stage.plan:
            say(stage.plan(call.config))
        else:
            _show(stage.run(call.config))


@contextmanager
def failures() -> Iterator[None]:
    """Turn what training expects to go wrong into Failure, one sentence on the terminal."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it recommends packages at each start
    from genai.errors import GenerationError
    from genai.training.run.distributed import leave_together
    from genai.training.run.errors import TrainingError

    try:
        yield
        leave_together()
    except (TrainingError, GenerationError) as error:
        raise Failure(error.say) from error
    except KeyboardInterrupt:
        sys.stderr.write("riff: stopped; give the same command again to go on from the last checkpoint.\n")
        raise


def say(lines: Sequence[str]) -> None:
    """Print lines, from the main process only."""
    from genai.training.run.distributed import is_main

    if is_main():
        for line in lines:
            typer.echo(line)


def _show(result: "Result") -> None:
    if rows := getattr(result, "rows", None):
        print_table(rows())
    say(result.lines())


def _runner(name: str) -> Callable[[typer.Context], None]:
    def command(context: typer.Context) -> None:
        run(name, context.args)

    return command


for _name, _command in COMMANDS.items():
    app.command(
        _name,
        help=_command.help,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(_runner(_name))
