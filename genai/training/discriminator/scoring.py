"""The discriminator as others use it: learn or load one, score texts; its linear model.

The linear model is logistic regression over TF-IDF of words, word pairs and character n-grams (scikit-learn). All is
saved as JSON (vocabularies) and safetensors (numbers): loading it runs no code, as unpickling would.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from genai.training.discriminator.dataset import Floats, Labelled, folds, labels_of
from genai.training.run.errors import TrainingError

_FILE = "discriminator.json"
_VOCABULARY, _NUMBERS = "vocabulary.json", "linear.safetensors"
_PARTS = ("words", "characters")
_WORDS = r"\w+|[^\w\s]"
_FOLDS = 5


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
        return LinearScorer.load(folder)
    if kind == "encoder":
        from genai.training.discriminator.encoder_classifier import EncoderScorer

        return EncoderScorer.load(folder)
    raise TrainingError(f"{folder}: {kind!r} is no kind of discriminator; there are: linear, encoder.")


class LinearScorer:
    """Gives each text the logarithm of the odds that it is of the wanted kind, not yet calibrated."""

    kind = "linear"

    def __init__(self, vectorizers: dict[str, Any], weights: Floats, intercept: float) -> None:
        self._vectorizers = vectorizers
        self._weights = weights
        self._intercept = intercept

    @classmethod
    def fit(cls, texts: Sequence[Labelled], *, features: int, seed: int) -> Self:
        """Learn from texts of both kinds; at most `features` n-grams of each sort are looked at."""
        from scipy.sparse import hstack
        from sklearn.linear_model import LogisticRegression

        vectorizers = {part: _vectorizer(part, features) for part in _PARTS}
        columns = [vectorizers[part].fit_transform([item.text for item in texts]) for part in _PARTS]
        model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000, random_state=seed)
        model.fit(hstack(columns).tocsr(), labels_of(texts))
        return cls(vectorizers, model.coef_[0].astype(np.float64), float(model.intercept_[0]))

    def margins(self, texts: Sequence[str]) -> Floats:
        """Log-odds of shape (texts,)."""
        from scipy.sparse import hstack

        columns = [self._vectorizers[part].transform(texts) for part in _PARTS]
        return np.asarray(hstack(columns).tocsr() @ self._weights + self._intercept, dtype=np.float64)

    def telling(self, count: int) -> tuple[list[str], list[str]]:
        """The words and word pairs that speak most for and most against a text."""
        names = self._vectorizers["words"].get_feature_names_out()
        order = np.argsort(self._weights[: len(names)])
        return [str(names[i]) for i in order[::-1][:count]], [str(names[i]) for i in order[:count]]

    def save(self, folder: Path) -> None:
        """Write the vocabularies and the numbers into `folder`."""
        from safetensors.numpy import save_file

        names = {part: list(self._vectorizers[part].get_feature_names_out()) for part in _PARTS}
        (folder / _VOCABULARY).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        numbers = {f"idf.{part}": self._vectorizers[part].idf_.astype(np.float64) for part in _PARTS}
        numbers |= {"weights": self._weights, "intercept": np.array([self._intercept])}
        save_file(numbers, folder / _NUMBERS)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; raises ValueError, OSError or KeyError where it is damaged."""
        from safetensors.numpy import load_file

        names = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        numbers = load_file(folder / _NUMBERS)
        vectorizers = {part: _restored(part, names[part], numbers[f"idf.{part}"]) for part in _PARTS}
        weights = numbers["weights"]
        if weights.shape != (sum(len(names[part]) for part in _PARTS),) or not np.isfinite(weights).all():
            raise ValueError("the weights do not fit the vocabulary")
        return cls(vectorizers, weights, float(numbers["intercept"][0]))


def _vectorizer(part: str, features: int, vocabulary: list[str] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    shared = {"sublinear_tf": True, "max_features": features, "vocabulary": vocabulary}
    if part == "words":
        return TfidfVectorizer(ngram_range=(1, 2), token_pattern=_WORDS, **shared)
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **shared)


def _restored(part: str, vocabulary: list[str], idf: Floats) -> Any:
    vectorizer = _vectorizer(part, len(vocabulary), vocabulary)
    vectorizer.idf_ = idf  # scikit-learn checks that it fits the vocabulary
    return vectorizer


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
