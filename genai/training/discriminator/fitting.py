"""Fits the linear discriminator, and scores texts by discriminators that did not learn from them."""

from collections.abc import Sequence

import numpy as np

from genai.training.discriminator.labelled import Floats, Labelled, folds
from genai.training.discriminator.linear_classifier import LinearScorer
from genai.training.discriminator.scoring import Calibration, Discriminator

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
