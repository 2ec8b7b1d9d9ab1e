"""Thresholds out of labelled scores: what to block at for a wanted false-positive rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall at each threshold, rising: arrays of one length (thresholds,)."""

    thresholds: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    false_positive_rate: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Thresholds of one category, and what blocking there does on the labelled texts."""

    category: str
    flag: float
    block: float
    recall: float
    precision: float
    false_positive_rate: float


def curve(scores: Sequence[float], toxic: Sequence[bool]) -> Curve:
    """What each possible threshold gives; a text counts as found where its score reaches the threshold.

    Raises ValueError unless there are toxic texts and harmless ones.
    """
    values, labels = np.asarray(scores, float), np.asarray(toxic, bool)
    if labels.all() or not labels.any():
        raise ValueError("both toxic and harmless texts are needed")
    thresholds = np.append(np.unique(values), min(1.0, np.nextafter(values.max(), 2.0)))
    thresholds = np.unique(thresholds)
    found = values[None, :] >= thresholds[:, None]
    true, false = (found & labels).sum(1), (found & ~labels).sum(1)
    precision = np.divide(true, true + false, out=np.ones(len(thresholds)), where=true + false > 0)
    return Curve(thresholds, precision, true / labels.sum(), false / (~labels).sum())


def suggest(category: str, points: Curve, wanted_fpr: float) -> Suggestion:
    """Block at the lowest threshold within `wanted_fpr` (0 to 1); flag where F1 is best, if that is lower.

    Where no threshold up to 1 stays within it, 1 is suggested, with what it does.
    """
    within = np.flatnonzero(points.false_positive_rate <= wanted_fpr)
    block = int(within[0]) if len(within) else len(points.thresholds) - 1
    total = points.precision + points.recall
    f1 = np.divide(2 * points.precision * points.recall, total, out=np.zeros(len(total)), where=total > 0)
    flag = min(int(f1.argmax()), block)
    return Suggestion(
        category,
        _down(points.thresholds[flag]),
        _down(points.thresholds[block]) if len(within) else 1.0,
        float(points.recall[block]),
        float(points.precision[block]),
        float(points.false_positive_rate[block]),
    )


def _down(threshold: float) -> float:
    return min(1.0, float(threshold))


def draw(curves: dict[str, Curve], suggestions: Sequence[Suggestion], path: Path) -> None:
    """Write the precision-recall curves as a PNG file, the suggested points marked. Needs matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for suggestion in suggestions:
        points = curves[suggestion.category]
        (line,) = axes.step(points.recall, points.precision, where="post", label=suggestion.category)
        axes.plot(suggestion.recall, suggestion.precision, "o", color=line.get_color())
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.set_title("Precision and recall; the dots are the suggested block thresholds")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150, format="png")
