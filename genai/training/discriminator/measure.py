"""How well scores tell the two kinds of text apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genai.training.discriminator.labelled import Labelled
from genai.training.measure.statistics import Estimate, area_under_curve, proportion


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
