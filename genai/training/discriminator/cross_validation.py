"""Scores texts by discriminators that did not learn from them, and how well scores tell the two kinds of text apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genai.training.discriminator.dataset import Floats, Labelled, folds
from genai.training.discriminator.linear_classifier import LinearScorer
from genai.training.discriminator.scoring import Calibration, Discriminator
from genai.training.measure.statistics import Estimate, area_under_curve, proportion

_FOLDS = 5


def fit_linear(texts: Sequence[Labelled], *, features: int, seed: int) -> Discriminator:
    """Learn from `texts`, calibrated on out-of-fold margins. Raises DataError where they are too few."""
    margins = out_of_fold_margins(texts, features=features, seed=seed)
    return Discriminator(
        LinearScorer.fit(texts, features=features, seed=seed), Calibration.fit(margins, texts)
    )


def out_of_fold_margins(texts: Sequence[Labelled], *, features: int, seed: int) -> Floats:
    """Margins of shape (texts,), each by a scorer that saw neither the text nor any of its group."""
    margins = np.zeros(len(texts))
    for learn, measure in folds(texts, _FOLDS, seed):
        scorer = LinearScorer.fit([texts[i] for i in learn], features=features, seed=seed)
        margins[measure] = scorer.margins([texts[i].text for i in measure])
    return margins


# How well scores tell the two kinds of text apart.


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


def separation(texts: Sequence[Labelled], scores: Sequence[float], seed: int = 0) -> Separation:
    """The figures of `scores`, probabilities in the order of `texts`, which hold both kinds."""
    correct = sum((score >= 0.5) == item.wanted for item, score in zip(texts, scores, strict=True))
    wanted = [score for item, score in zip(texts, scores, strict=True) if item.wanted]
    unwanted = [score for item, score in zip(texts, scores, strict=True) if not item.wanted]
    errors = [(score - item.wanted) ** 2 for item, score in zip(texts, scores, strict=True)]
    return Separation(
        len(texts),
        proportion(correct, len(texts)),
        area_under_curve(wanted, unwanted, seed),
        sum(errors) / len(errors),
    )
