"""Dry run: what a training run would need, from arithmetic and from timing its first real steps."""

import resource
import tempfile
import time
from collections.abc import Callable, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import nn
from transformers import (
    PreTrainedModel,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from genai.training.run.distributed import process_count
from genai.training.run.folder import RunFolder
from genai.training.run.training_loop import clear_failures

_TIMED_STEPS: Final = 2
_ADAM_BYTES: Final = 8  # two float32 moments for each trained parameter
_GIB: Final = 2**30


@dataclass(frozen=True, slots=True)
class Estimate:
    """Size, memory (GiB, of one process, unsharded) and time (seconds) of a run that was not carried out.

    `peak_gib` was measured: of the GPU where there is one, else of the whole process.
    """

    examples: int
    tokens: int
    parameters: int
    trained_parameters: int
    steps: int
    weights_gib: float
    gradients_gib: float
    optimizer_gib: float
    peak_gib: float
    seconds_per_step: float

    @property
    def seconds(self) -> float:
        """Estimated time of the whole training."""
        return self.steps * self.seconds_per_step

    def lines(self) -> list[str]:
        """The estimate for people, one line for each subject."""
        share = 100 * self.trained_parameters / self.parameters
        return [
            f"data        {self.examples:,} examples, {self.tokens:,} tokens",
            f"parameters  {self.parameters:,}; {self.trained_parameters:,} are trained ({share:.2f} %)",
            f"memory      {self.weights_gib:.2f} GiB weights + {self.gradients_gib:.2f} gradients "
            f"+ {self.optimizer_gib:.2f} optimiser; {self.peak_gib:.2f} GiB in all at its peak",
            f"time        {self.steps:,} steps of {self.seconds_per_step:.3g} s "
            f"on {process_count()} process(es): about {_duration(self.seconds)}",
        ]


def estimate(make_trainer: Callable[[RunFolder], Trainer], tokens: int) -> Estimate:
    """Time two steps, after one to warm up, in a throw-away folder; `tokens` is the size of the data."""
    with tempfile.TemporaryDirectory() as name:
        trainer = make_trainer(RunFolder(Path(name) / "run"))
        steps = int(trainer.set_initial_training_values(trainer.args, trainer.get_train_dataloader())[-1])
        seconds = _time_step(trainer)
    model = cast(nn.Module, trainer.model)
    return Estimate(
        examples=len(cast(Sized, trainer.train_dataset)),
        tokens=tokens,
        parameters=parameter_count(model),
        trained_parameters=parameter_count(model, only_trainable=True),
        steps=steps,
        peak_gib=_peak_bytes() / _GIB,
        seconds_per_step=seconds,
        **_memory(model),
    )


class _StepTimes(TrainerCallback):
    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.perf_counter())


def _time_step(trainer: Trainer) -> float:
    args, times = trainer.args, _StepTimes()
    args.max_steps, args.save_strategy, args.logging_strategy = 1 + _TIMED_STEPS, "no", "no"
    args.eval_strategy, args.eval_on_start = "no", False
    trainer.remove_callback(ProgressCallback)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(times)
    with clear_failures():
        trainer.train()
    return (times.ends[-1] - times.ends[0]) / (len(times.ends) - 1)


def parameter_count(model: nn.Module | None, *, only_trainable: bool = False) -> int:
    """Parameters of the model; those that are packed as 4-bit numbers are counted one by one."""
    return int(cast(PreTrainedModel, model).num_parameters(only_trainable=only_trainable))


def _memory(model: nn.Module) -> dict[str, float]:
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    trained = [p for p in model.parameters() if p.requires_grad]
    return {
        "weights_gib": weights / _GIB,
        "gradients_gib": sum(p.numel() * p.element_size() for p in trained) / _GIB,
        "optimizer_gib": _ADAM_BYTES * sum(p.numel() for p in trained) / _GIB,
    }


def _peak_bytes() -> int:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
