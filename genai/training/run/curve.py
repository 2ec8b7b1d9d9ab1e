"""Draws the loss curve of a run from its metrics."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

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
