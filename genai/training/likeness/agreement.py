"""How far a likeness agrees with partitions: on pairs, and on how many answers of each model are distinct."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from genai.likeness.pair_features import Matrix
from genai.training.likeness.partitions import Partition

SHORT, MIDDLE = 80, 300
"""Characters, the mean of two texts, below which they are short, and of middle length."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Areas under the ROC curve over pairs; those of equal texts tell nothing and are left out of `differing`."""

    pairs: int
    auc: float
    auc_short: float
    auc_middle: float
    auc_long: float
    differing: int
    differing_auc: float
    differing_auc_short: float

    def figures(self) -> dict[str, float | int]:
        """For a report."""
        return {name: round(getattr(self, name), 4) for name in self.__slots__}


def agreement(
    likeness: NDArray[np.float64],
    same: NDArray[np.bool_],
    is_equal: NDArray[np.bool_],
    characters: NDArray[np.float64],
) -> Agreement:
    """Of pairs, each with its likeness, whether people say it is the same, whether its texts are equal."""

    def auc(chosen: NDArray[np.bool_]) -> float:
        return float(roc_auc_score(same[chosen], likeness[chosen])) if len(set(same[chosen])) == 2 else np.nan

    short, middle = characters < SHORT, (characters >= SHORT) & (characters < MIDDLE)
    return Agreement(
        len(same),
        auc(np.ones(len(same), dtype=bool)),
        auc(short),
        auc(middle),
        auc(~short & ~middle),
        int((~is_equal).sum()),
        auc(~is_equal),
        auc(~is_equal & short),
    )


def distinct_count(likeness: Matrix, threshold: float) -> int:
    """How many of a list are distinct: each joins the first class whose first member it is like."""
    leaders: list[int] = []
    for at in range(len(likeness)):
        if not any(likeness[at, leader] >= threshold for leader in leaders):
            leaders.append(at)
    return len(leaders)


def rank_correlation(
    partitions: Sequence[Partition], pairwise: Callable[[Sequence[str]], Matrix], threshold: float
) -> float:
    """Spearman's, over models, of the mean counts of distinct answers: people's and those by the likeness."""
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for one in partitions:
        wanted[one.model].append(one.distinct)
        found[one.model].append(distinct_count(pairwise(one.answers), threshold))
    means = [[float(np.mean(counts[model])) for model in wanted] for counts in (wanted, found)]
    return float(spearmanr(*means).statistic)
