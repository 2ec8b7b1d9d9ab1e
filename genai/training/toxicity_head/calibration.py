"""Makes probabilities of log-odds, and shows how far they can be believed (Platt 1999; reliability diagrams)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FEWEST = 20
"""Texts of each kind below which nothing is fitted."""
_BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of texts with about one score: the mean score, the share that is harmful, and how many there are."""

    said: float
    true: float
    texts: int


def platt(odds: NDArray[np.float64], harmful: NDArray[np.bool_]) -> tuple[float, float]:
    """Scale and shift that turn log-odds into calibrated ones; with few texts they stay near what they are."""
    from sklearn.linear_model import LogisticRegression

    if min(harmful.sum(), (~harmful).sum()) < _FEWEST:
        return 1.0, 0.0
    fitted = LogisticRegression(C=1.0).fit(odds[:, None], harmful)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def reliability(scores: Sequence[float], harmful: Sequence[bool], bins: int = _BINS) -> list[Reliability]:
    """Texts by their scores, in bins of equal width; empty ones are left out."""
    values, labels = np.asarray(scores, float), np.asarray(harmful, bool)
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        Reliability(float(values[inside].mean()), float(labels[inside].mean()), int(inside.sum()))
        for place in range(bins)
        if (inside := places == place).any()
    ]


def expected_error(rows: Sequence[Reliability]) -> float:
    """How far scores are from shares, on average over texts."""
    total = sum(row.texts for row in rows)
    return sum(row.texts * abs(row.said - row.true) for row in rows) / max(1, total)


def draw(curves: dict[str, Sequence[Reliability]], path: Path) -> None:
    """Write a reliability diagram as PNG, a line for each set of texts."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    for name, rows in curves.items():
        axes.plot([row.said for row in rows], [row.true for row in rows], marker="o", label=name)
    axes.set(xlabel="score", ylabel="share that is harmful", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("How far scores can be believed")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120, format="png")
