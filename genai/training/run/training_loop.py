"""Runs a Trainer inside a run folder: goes on from the last checkpoint, shows and keeps metrics, draws the curve.

Does not build the Trainer; every stage does that for itself.
"""

import ctypes
import errno
import json
import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from transformers import (
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from genai.training.run.distributed import is_main
from genai.training.run.errors import TrainingError
from genai.training.run.folder import RunFolder, write_whole

_UNINTERESTING: Final = {"total_flos", "epoch"}
_RECOUNTED: Final = {"num_tokens", "eval_num_tokens"}
"""What trl counts from the start of the process: wrong in a run that was stopped."""
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_CURVES: Final = {"loss": "training", "eval_loss": "held-out part"}
_MEMORY: Final = (
    "Memory ran out. Halve `schedule.batch` and double `schedule.accumulate`, set "
    "`schedule.checkpointing=true`, or train with QLoRA (`riff train lora --set quantization=nf4`)."
)


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
    if trainer.args.use_cpu:
        keep_freed_memory()
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


def keep_freed_memory() -> None:
    """Have glibc keep what is freed: a step frees gigabytes and asks for them again.

    Given back and fetched anew page by page they cost more time than the step's products (mallopt(3)).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_M_MMAP_MAX, 0)
        mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


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


class Metrics(ProgressCallback):
    """Writes each log of a Trainer to the terminal and to `path`.

    A run that goes on from a checkpoint first drops what was logged after that checkpoint. Raises
    TrainingError out of the training loop when the loss is no longer a number.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._begun = time.monotonic()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Open the progress bar and cut the file back to the step that the run goes on from."""
        self._begun = time.monotonic()
        if state.is_world_process_zero:
            rows = read_metrics(self._path) if state.global_step else []
            kept = [row for row in rows if row["step"] <= state.global_step]
            write_whole(self._path, "".join(json.dumps(row) + "\n" for row in kept))
        cast(Any, super()).on_train_begin(args, state, control, **kwargs)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Append one line; `seconds` counts from the start of this process."""
        if not logs or not state.is_world_process_zero:
            return
        logs = {name: value for name, value in logs.items() if name not in _RECOUNTED}
        row = {"step": state.global_step, "seconds": round(time.monotonic() - self._begun, 3), **logs}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        self._show(f"step {state.global_step}/{state.max_steps}  {_sentence(logs)}")
        if not math.isfinite(logs.get("loss", 0.0)):
            raise TrainingError(
                f"The loss is not a number at step {state.global_step}; set a lower learning rate or a "
                "longer warm-up and start again in a new folder."
            )

    def _show(self, line: str) -> None:
        cast(Any, self.training_bar).write(line)


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The logged rows; a last line that a kill cut short is left out."""
    if not path.exists():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def last_value(rows: list[dict[str, Any]], name: str) -> float | None:
    """The newest value that was logged under `name`."""
    return next((float(row[name]) for row in reversed(rows) if name in row), None)


def _sentence(logs: Mapping[str, Any]) -> str:
    numbers = {name: value for name, value in logs.items() if isinstance(value, int | float)}
    return "  ".join(f"{name} {value:.4g}" for name, value in numbers.items() if name not in _UNINTERESTING)


def draw_curve(rows: Sequence[dict[str, Any]], picture: Path, title: str) -> None:
    """Write a PNG of the loss (nats per token) over the steps; nothing when no loss was logged."""
    import matplotlib.figure

    figure = matplotlib.figure.Figure(figsize=(7, 4), dpi=120, layout="constrained")
    axes = figure.subplots()
    for name, label in _CURVES.items():
        points = [(row["step"], row[name]) for row in rows if name in row]
        if points:
            axes.plot(*zip(*points, strict=True), marker="." if len(points) < 60 else "", label=label)
    if not axes.lines:
        return
    axes.set(xlabel="optimiser step", ylabel="loss", title=title)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(picture)
