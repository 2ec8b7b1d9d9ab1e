"""Runs a Trainer inside a run folder: goes on from the last checkpoint, keeps metrics, draws the curve.

Does not build the Trainer; every stage does that for itself.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from transformers import PrinterCallback, ProgressCallback, Trainer

from genai.training.run.distributed import is_main
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder
from genai.training.run.metrics import Metrics, draw_curve, last_value, read_metrics


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training loop did. Losses are means in nats per token; None when not measured.

    `seconds` is of this process only, `resumed_at` the step that it went on from, 0 for a fresh run.
    """

    steps: int
    seconds: float
    resumed_at: int
    loss: float | None
    held_out_before: float | None
    held_out_loss: float | None


def run_trainer(trainer: Trainer, folder: RunFolder) -> Outcome:
    """Train to the end, or on to it from the last complete checkpoint, with the same result.

    With a held-out part, `held_out_before` is measured before the first step. Raises TrainingError when
    memory or disk run out or the loss is no longer a number.
    """
    trainer.remove_callback(ProgressCallback)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Metrics(folder.metrics))
    checkpoint = folder.last_checkpoint()
    if trainer.eval_dataset is not None:
        trainer.args.eval_on_start = checkpoint is None
    with clear_failures():
        result = trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    rows = read_metrics(folder.metrics)
    if is_main():
        draw_curve(rows, folder.curve, folder.path.name)
    return Outcome(
        steps=result.global_step,
        seconds=result.metrics["train_runtime"],
        resumed_at=int(checkpoint.name.rpartition("-")[2]) if checkpoint else 0,
        loss=last_value(rows, "loss"),
        held_out_before=next(
            (row["eval_loss"] for row in rows if row["step"] == 0 and "eval_loss" in row), None
        ),
        held_out_loss=last_value(rows, "eval_loss"),
    )


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn exhausted memory and disk into TrainingError."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingError(_MEMORY) from error
    except RuntimeError as error:
        if "can't allocate memory" not in str(error):
            raise
        raise TrainingError(_MEMORY) from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise TrainingError(
            "The disk is full; free some room and give the same command again to go on."
        ) from error


_MEMORY = (
    "Memory ran out. Halve `schedule.batch` and double `schedule.accumulate`, set "
    "`schedule.checkpointing=true`, or train with QLoRA (`riff train lora --set quantization=nf4`)."
)
