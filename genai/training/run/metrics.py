"""Shows how a training goes and keeps it: a progress bar, lines in the terminal, `metrics.jsonl` and the loss curve."""

import json
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from transformers import TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import ProgressCallback

from genai.training.run import atomic
from genai.training.run.errors import TrainingError

_UNINTERESTING = {"total_flos", "epoch"}


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
            atomic.write_text(self._path, "".join(json.dumps(row) + "\n" for row in kept))
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


# Draws the loss curve of a run from its metrics.


_CURVES: Final = {"loss": "training", "eval_loss": "held-out part"}


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
