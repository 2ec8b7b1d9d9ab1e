"""Figures with confidence intervals: shares, areas under curves, and how well scores tell two kinds apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVEL = 0.95
"""Confidence level of every interval."""
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its confidence interval."""

    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.lower:.3f}, {self.upper:.3f}]"


def proportion(successes: int, trials: int) -> Estimate:
    """The share of successes with Wilson's score interval, which holds for few trials and near 0 and 1.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927). Raises
    ValueError where there are no trials.
    """
    from scipy.stats import binomtest

    interval = binomtest(successes, trials).proportion_ci(LEVEL, method="wilson")
    return Estimate(successes / trials, float(interval.low), float(interval.high))


def mean(values: Sequence[float], seed: int = 0) -> Estimate:
    """The mean with the percentile bootstrap over the values; of one value the interval is that value.

    Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979). Raises ValueError where
    there are none.
    """
    import numpy as np

    if not values:
        raise ValueError("a mean needs values")
    data = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).integers(len(data), size=(_RESAMPLES, len(data)))
    lower, upper = np.quantile(data[drawn].mean(axis=1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(data.mean()), float(lower), float(upper))


def area_under_curve(wanted: Sequence[float], unwanted: Sequence[float], seed: int = 0) -> Estimate:
    """The probability that a wanted text scores above an unwanted one, ties counting half.

    Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve",
    Radiology 143 (1982). The interval is the percentile bootstrap with each class resampled by itself.
    """
    import numpy as np
    from scipy.stats import bootstrap, rankdata

    def area(high: "np.ndarray", low: "np.ndarray") -> float:
        ranks = rankdata(np.concatenate((high, low)))[: len(high)]
        return float((ranks.sum() - len(high) * (len(high) + 1) / 2) / (len(high) * len(low)))

    samples = (np.asarray(wanted, dtype=float), np.asarray(unwanted, dtype=float))
    value = area(*samples)
    if min(len(wanted), len(unwanted)) < 2:
        return Estimate(value, 0.0, 1.0)
    interval = bootstrap(
        samples,
        area,
        n_resamples=1000,
        vectorized=False,
        method="percentile",
        confidence_level=LEVEL,
        rng=seed,
    ).confidence_interval
    return Estimate(value, float(interval.low), float(interval.high))


@dataclass(frozen=True, slots=True)
class Separation:
    """Accuracy at the threshold 0.5, area under the ROC curve, and mean squared error of the probabilities.

    `brier` after Brier, "Verification of forecasts expressed in terms of probability" (1950): 0 is perfect,
    0.25 is what always saying 0.5 gets.
    """

    texts: int
    accuracy: Estimate
    area: Estimate
    brier: float

    def figures(self) -> Mapping[str, float | int | str]:
        """The figures as the model card and the terminal show them."""
        return {
            "held-out texts": self.texts,
            "accuracy": str(self.accuracy),
            "area under the ROC curve": str(self.area),
            "Brier score": round(self.brier, 4),
        }


def separation(labels: Sequence[bool], scores: Sequence[float], seed: int = 0) -> Separation:
    """The figures of `scores`, probabilities of being wanted; `labels` say who is, and hold both kinds."""
    both = list(zip(labels, scores, strict=True))
    correct = sum((score >= 0.5) == is_wanted for is_wanted, score in both)
    wanted = [score for is_wanted, score in both if is_wanted]
    unwanted = [score for is_wanted, score in both if not is_wanted]
    errors = [(score - is_wanted) ** 2 for is_wanted, score in both]
    return Separation(
        len(both),
        proportion(correct, len(both)),
        area_under_curve(wanted, unwanted, seed),
        sum(errors) / len(errors),
    )
