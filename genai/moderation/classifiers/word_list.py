"""What is in alt-profanity-check's files, read without scikit-learn, whose import alone takes 90 MB.

A text's words are counted, weighed by their rarity and brought to length 1; five linear models, each with a sigmoid of
its own, give a probability, and the mean of them counts.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\b\w\w+\b")
_ALLOWED = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy", "float64"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}


class _Held:
    """Stands for any object of scikit-learn or SciPy: what was saved of it, and none of what it does."""

    def __new__(cls, *_: object, **__: object) -> "_Held":
        return object.__new__(cls)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


@dataclass(frozen=True, slots=True)
class WordList:
    """columns: a word's place; rarity [words]; weights [models, words]; the sigmoids' slopes and offsets [models]."""

    columns: dict[str, int]
    rarity: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """How likely each text is profane."""
        margins = np.stack([self._margins(text) for text in texts]) if texts else np.zeros((0, 1))
        each = 1.0 / (1.0 + np.exp(self.slopes * margins + self.offsets))
        return [float(mean) for mean in each.mean(1)]

    def _margins(self, text: str) -> NDArray[np.float64]:
        """[models]"""
        counts = Counter(
            column for word in _WORD.findall(text.lower()) if (column := self.columns.get(word)) is not None
        )
        if not counts:
            return self.intercepts
        columns = np.fromiter(counts, int)
        weighed = np.fromiter(counts.values(), float) * self.rarity[columns]
        margins: NDArray[np.float64] = self.weights[:, columns] @ (weighed / np.linalg.norm(weighed))
        return margins + self.intercepts


def read(vectorizer: bytes, model: bytes) -> WordList:
    """The list in the package's two files."""
    words, models = _held(vectorizer), _held(model).calibrated_classifiers_
    return WordList(
        {word: int(column) for word, column in words.vocabulary_.items()},
        np.asarray(words._tfidf.idf_),
        np.concatenate([one.estimator.coef_ for one in models]),
        np.array([float(np.ravel(one.estimator.intercept_)[0]) for one in models]),
        np.array([float(one.calibrators[0].a_) for one in models]),
        np.array([float(one.calibrators[0].b_) for one in models]),
    )


def _held(content: bytes) -> Any:
    from joblib.numpy_pickle import NumpyUnpickler  # type: ignore[import-untyped]

    class Unpickler(NumpyUnpickler):  # type: ignore[misc]
        def find_class(self, module: str, name: str) -> Any:
            if module.startswith(("sklearn.", "scipy.")):
                return _Held
            if (module, name) in _ALLOWED:
                return super().find_class(module, name)
            raise ValueError(f"{module}.{name} does not belong into the file")

    return Unpickler("", io.BytesIO(content), ensure_native_byte_order=False).load()
