"""How many of several answers to one prompt differ, and what they are worth to somebody who reads them in order.

Both are defined as in NoveltyBench (Zhang et al. 2025, arXiv 2504.05228; `src/partition.py` and `src/score.py` of its
code): answers that say the same fall into one class, and `utility` is the mean of the scores, in which only the first
of a class counts and each answer weighs `PATIENCE` times as much as the one before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genai.likeness.measure import likeness
from genai.reranking.settings import RerankingSettings

PATIENCE = 0.8
"""How likely somebody who has read an answer is to read the next one."""
BEST_SCORE = 10

Likeness = NDArray[np.float64]
"""How alike each two texts are, [texts, texts]."""


@dataclass(frozen=True, slots=True)
class Sameness:
    """What tells whether two texts say the same: `likeness` of each two, the same from `threshold` on."""

    name: str
    likeness: Callable[[Sequence[str], Sequence[str]], Likeness]
    threshold: float

    def partition(self, texts: Sequence[str]) -> tuple[int, ...]:
        """The class of each text, counted from 0 in the order of their first members, which stand for them."""
        alike = self.likeness(texts, texts) >= self.threshold if texts else np.zeros((0, 0), dtype=bool)
        firsts: list[int] = []
        classes = []
        for text in range(len(texts)):
            known = next((at for at, first in enumerate(firsts) if alike[first, text]), len(firsts))
            if known == len(firsts):
                firsts.append(text)
            classes.append(known)
        return tuple(classes)


def riffs_likeness(settings: RerankingSettings) -> Sameness:
    """The measure by which Riff drops near-duplicates. Raises GenerationError where it cannot be had."""
    measure = likeness(settings.similarity_model)
    limit = settings.duplicate_threshold or measure.thresholds.duplicate
    return Sameness(settings.similarity_model, measure.pairwise, limit)


def utility(partition: Sequence[int], scores: Sequence[float], asked: int) -> float:
    """What the answers are worth, on the scale of their `scores`; those that were `asked` for and miss count 0."""
    weights = PATIENCE ** np.arange(max(asked, len(partition)))
    fresh = [
        score if number not in partition[:place] else 0.0
        for place, (number, score) in enumerate(zip(partition, scores, strict=True))
    ]
    return float(weights[: len(fresh)] @ np.array(fresh, dtype=float) / weights.sum()) if fresh else 0.0


def share_on_topic(ideas: Sequence[Sequence[str]], topics: Sequence[str], sameness: Sameness) -> list[float]:
    """Of each topic's ideas the share that is more like this topic than like any other of `topics`.

    An idea that is like none of them counts as off topic, so that one which never names its topic is missed: the
    shares are low, and fit to compare what is measured on the same topics.
    """
    shares = []
    for own, texts in enumerate(ideas):
        if not texts:
            shares.append(0.0)
            continue
        near = sameness.likeness(texts, topics)
        others = np.delete(near, own, axis=1).max(axis=1, initial=0.0)
        shares.append(float(np.mean(near[:, own] > others)))
    return shares
