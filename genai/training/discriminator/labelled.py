"""What a discriminator learns from, and how it is parted so that nothing learned from is measured on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genai.training.run.errors import DataError

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, whether it is of the wanted kind, and the group (its prompt) that no split may tear apart."""

    text: str
    wanted: bool
    group: str


def labels_of(texts: Sequence[Labelled]) -> npt.NDArray[np.int64]:
    """1 for wanted, 0 for unwanted; shape (texts,)."""
    return np.array([item.wanted for item in texts], dtype=np.int64)


def folds(texts: Sequence[Labelled], count: int, seed: int) -> list[tuple[Indices, Indices]]:
    """`count` ways to part the texts into those to learn from and those to measure on, by group.

    Fewer ways where a kind has fewer groups than `count`. Raises DataError where one has fewer than two.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    fewest = min(len({item.group for item in texts if item.wanted is kind}) for kind in (True, False))
    if fewest < 2:
        raise DataError("Too few texts to learn from; give at least some twenty different ones of each kind.")
    splitter = StratifiedGroupKFold(min(count, fewest), shuffle=True, random_state=seed)
    splits = splitter.split(np.zeros(len(texts)), labels_of(texts), [item.group for item in texts])
    return [(learn, measure) for learn, measure in splits]
