"""The discriminator as others use it: load a folder, score texts. How scores arise is the scorer's matter."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from genai.training.discriminator.dataset import Floats, Labelled, labels_of
from genai.training.run.errors import TrainingError

_FILE = "discriminator.json"


class Scorer(Protocol):
    """Turns texts into numbers of any scale, higher for the wanted kind; saves itself without code."""

    @property
    def kind(self) -> str:
        """The name it is loaded by."""

    def margins(self, texts: Sequence[str]) -> Floats:
        """One number for each text; shape (texts,)."""

    def save(self, folder: Path) -> None:
        """Write all that loading needs into `folder`, which exists."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns margins into probabilities: 1 / (1 + exp(-(slope * margin + intercept))).

    Platt, "Probabilistic outputs for support vector machines" (1999). Fitted on
    margins of texts that the scorer did not learn from.
    """

    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def fit(cls, margins: Floats, texts: Sequence[Labelled]) -> Self:
        """The calibration that makes the labels of `texts` likeliest; `margins` has the shape (texts,)."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=1e3).fit(margins.reshape(-1, 1), labels_of(texts))
        return cls(float(model.coef_[0, 0]), float(model.intercept_[0]))

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities from 0 to 1, of the shape of `margins`."""
        from scipy.special import expit

        return np.asarray(expit(self.slope * margins + self.intercept), dtype=np.float64)


class Discriminator:
    """Scores texts by the probability that they are of the wanted kind (written, liked)."""

    def __init__(self, scorer: Scorer, calibration: Calibration) -> None:
        self.scorer = scorer
        self.calibration = calibration

    def score(self, texts: Sequence[str]) -> list[float]:
        """A probability from 0 to 1 for each text, in order: the higher, the better a candidate it is."""
        if not texts:
            return []
        return [float(value) for value in self.calibration.probabilities(self.scorer.margins(texts))]

    def save(self, folder: Path) -> None:
        """Write the discriminator into `folder`, made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self.scorer.save(folder)
        values = {
            "kind": self.scorer.kind,
            "slope": self.calibration.slope,
            "intercept": self.calibration.intercept,
        }
        (folder / _FILE).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a discriminator; nothing in its files is run. Raises TrainingError where it is damaged."""
        try:
            values = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            calibration = Calibration(float(values["slope"]), float(values["intercept"]))
            return cls(_load_scorer(str(values["kind"]), folder), calibration)
        except TrainingError:
            raise
        except Exception as error:  # damaged files make the libraries raise errors of every kind
            raise TrainingError(
                f"{folder}: holds no readable discriminator; make one with `riff train discriminator`."
            ) from error


def _load_scorer(kind: str, folder: Path) -> Scorer:
    if kind == "linear":
        from genai.training.discriminator.linear_classifier import LinearScorer

        return LinearScorer.load(folder)
    if kind == "encoder":
        from genai.training.discriminator.encoder_classifier import EncoderScorer

        return EncoderScorer.load(folder)
    raise TrainingError(f"{folder}: {kind!r} is no kind of discriminator; there are: linear, encoder.")
