"""What a training stage made, and the card that says so."""

import math
from collections.abc import Sized
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from transformers import Trainer

from genai.training.run.distributed import is_main
from genai.training.run.dry_run import parameter_count
from genai.training.run.folder import RunFolder
from genai.training.run.model_card import ModelCard, write_card
from genai.training.run.training_loop import Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of a stage. `left_out` are examples longer than the limit."""

    output: Path
    parameters: int
    trained_parameters: int
    examples: int
    tokens: int
    left_out: int
    outcome: Outcome

    def figures(self) -> dict[str, float | int | str]:
        """What the card shows. Perplexity is exp(mean loss per token)."""
        outcome = self.outcome
        measured = {
            "training loss": outcome.loss,
            "held-out perplexity before": _perplexity(outcome.held_out_before),
            "held-out perplexity after": _perplexity(outcome.held_out_loss),
        }
        return {
            "parameters": self.parameters,
            "trained parameters": self.trained_parameters,
            "training examples": self.examples,
            "training tokens": self.tokens,
            "examples left out as too long": self.left_out,
            "optimiser steps": outcome.steps,
            **{name: value for name, value in measured.items() if value is not None},
        }

    def lines(self) -> list[str]:
        """The summary for people."""
        shown = [f"{name} {value:.4g}" for name, value in self.figures().items() if isinstance(value, float)]
        return [
            f"{self.output}: {self.trained_parameters:,} of {self.parameters:,} parameters trained "
            f"for {self.outcome.steps:,} steps on {self.examples:,} examples",
            ", ".join(shown),
        ]


def summarise(trainer: Trainer, outcome: Outcome, output: Path, tokens: int, left_out: int = 0) -> Summary:
    """The summary of a finished loop; `tokens` is the size of the training data."""
    return Summary(
        output=output,
        parameters=parameter_count(trainer.model),
        trained_parameters=parameter_count(trainer.model, only_trainable=True),
        examples=len(cast(Sized, trainer.train_dataset)),
        tokens=tokens,
        left_out=left_out,
        outcome=outcome,
    )


def report(summary: Summary, folder: RunFolder, card: ModelCard) -> None:
    """Write the card with the summary's figures added to its own; only the main process does."""
    if is_main():
        write_card(replace(card, figures={**summary.figures(), **card.figures}), folder.card)


def _perplexity(loss: float | None) -> float | None:
    return None if loss is None else math.exp(min(loss, 700.0))
