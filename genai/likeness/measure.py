"""How alike texts are: whether people would say that two of them say the same. Blocking; call it off the event loop."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any, Protocol

import numpy as np

from genai.likeness.boosted_trees import BoostedTrees
from genai.likeness.pair_features import FEATURES, Matrix, character_cosines, pair_features
from genai.likeness.text_views import View, read, said
from genai.likeness.word_vectors import whole
from genai.text import Embed, embedder

FITTED = "fitted"
_FILE = "fitted.json"
_REMEMBERED = 2_048
"""Texts whose views are kept: some twenty megabytes."""
_PAIRS_AT_ONCE = 16_384
_OF_VECTORS = (0.6, 0.4, 0.2)
"""Cosines from which two texts are a duplicate, alike, of one theme."""
_OF_CHARACTERS = (0.6, 0.35, 0.2)
"""The same, of single characters and pairs of them; from half of `tests/likeness/idea_pairs.jsonl` that is Chinese."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Likenesses from which two texts are a duplicate, alike, or of one theme; each is at most the one before.

    Of a duplicate one is dropped or merged into the other, so few of these may be wrong; `alike` is where as many
    texts count as distinct as for people; ideas of one `theme` stand together.
    """

    duplicate: float
    alike: float
    theme: float


class Likeness(Protocol):
    """Compares texts; for any number of threads."""

    thresholds: Thresholds

    def pairwise(self, texts: Sequence[str], others: Sequence[str]) -> Matrix:
        """[texts, others], each from 0 to 1: the same both ways, and in any company; 1 for equal texts."""


class FittedLikeness:
    """The probability that two texts say the same, from trees that were fitted to people's partitions of answers.

    The word vectors know little of languages without spaces: there the characters decide, on the same scale.
    """

    def __init__(self, trees: BoostedTrees, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.trees = trees
        self._views: OrderedDict[str, View] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "FittedLikeness":
        """What `riff train likeness` wrote. Raises ValueError where that was for other features."""
        if tuple(values["features"]) != FEATURES:
            raise ValueError("fitted to other features; fit it again")
        return cls(BoostedTrees.from_values(values["trees"]), Thresholds(**values["thresholds"]))

    def pairwise(self, texts: Sequence[str], others: Sequence[str]) -> Matrix:
        """[texts, others], probabilities; 1 for texts that are equal but for case, spaces and marks at the ends."""
        if not texts or not others:
            return np.zeros((len(texts), len(others)))
        known = self._known([*texts, *others])
        views, other_views = known[: len(texts)], known[len(texts) :]
        step = max(1, _PAIRS_AT_ONCE // len(others))
        return np.concatenate(
            [self._block(views[at : at + step], other_views) for at in range(0, len(views), step)]
        )

    def _known(self, texts: Sequence[str]) -> list[View]:
        with self._lock:
            found = {text: self._views[text] for text in texts if text in self._views}
        missing = list(dict.fromkeys(text for text in texts if text not in found))
        found |= zip(missing, read(missing), strict=True)
        with self._lock:
            for text in texts:
                self._views[text] = found[text]
                self._views.move_to_end(text)
            while len(self._views) > _REMEMBERED:
                self._views.popitem(last=False)
        return [found[text] for text in texts]

    def _block(self, views: Sequence[View], others: Sequence[View]) -> Matrix:
        rows = pair_features(views, others)
        likeness = self.trees.probability(rows.reshape(-1, rows.shape[-1])).reshape(rows.shape[:2])
        together, also = (np.array([view.is_written_together for view in of]) for of in (views, others))
        if together.any() and also.any():
            both = np.logical_and(together[:, None], also[None])
            likeness = np.where(both, self._scaled(character_cosines(views, others)), likeness)
        return _equal_is_one(likeness, [view.said for view in views], [view.said for view in others])

    def _scaled(self, cosines: Matrix) -> Matrix:
        """Cosines of characters on the scale of the probabilities: what is a duplicate in one is in the other."""
        limits = self.thresholds
        scale = (0.0, limits.theme, limits.alike, limits.duplicate, 1.0)
        found: Matrix = np.interp(cosines, (0.0, *sorted(_OF_CHARACTERS), 1.0), scale)
        return found


class CosineLikeness:
    """Cosines of vectors that each text has by itself: its n-grams, or a sentence-transformers model's."""

    def __init__(self, embed: Embed, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self._embed = embed

    def pairwise(self, texts: Sequence[str], others: Sequence[str]) -> Matrix:
        """[texts, others], cosines, at least 0; 1 for texts that say the same to the letter."""
        if not texts or not others:
            return np.zeros((len(texts), len(others)))
        left, right = ([whole(text) for text in of] for of in (texts, others))
        cosines: Matrix = (self._embed(left) @ self._embed(right).T).astype(np.float64)
        return _equal_is_one(cosines.clip(0, 1), list(map(said, left)), list(map(said, right)))


def _equal_is_one(likeness: Matrix, texts: Sequence[str], others: Sequence[str]) -> Matrix:
    known = {text: at for at, text in enumerate({*texts, *others})}
    left, right = (np.array([known[text] for text in of]) for of in (texts, others))
    found: Matrix = np.where(left[:, None] == right[None], 1.0, likeness)
    return found


@cache
def likeness(name: str) -> Likeness:
    """`fitted`, `ngrams`, or a sentence-transformers model; loaded once. Raises GenerationError."""
    if name != FITTED:
        return CosineLikeness(embedder(name), Thresholds(*_OF_VECTORS))
    values = json.loads(resources.files("genai.likeness").joinpath(_FILE).read_text(encoding="utf-8"))
    return FittedLikeness.from_values(values)
