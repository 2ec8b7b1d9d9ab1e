"""Logistic regression over TF-IDF of words, word pairs and character n-grams (scikit-learn).

Saved as JSON (vocabularies) and safetensors (numbers): loading it runs no code, as unpickling would.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from genai.training.discriminator.dataset import Floats, Labelled, labels_of

_VOCABULARY, _NUMBERS = "vocabulary.json", "linear.safetensors"
_PARTS = ("words", "characters")
_WORDS = r"\w+|[^\w\s]"


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
