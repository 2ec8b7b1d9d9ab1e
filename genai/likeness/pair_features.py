"""What is seen of two texts side by side, as numbers: how much they share of each kind, and how long they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genai.likeness.text_views import GRAMS, SETS, View
from genai.likeness.word_vectors import word_vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix = NDArray[np.float64]
"""[texts, other texts]"""
_Row = tuple[NDArray[np.uint16], NDArray[np.float32]]
"""Where a unit vector is not zero, and what stands there."""
_Members = NDArray[np.unsignedinteger]

_COUNTED = ("numbers", "names", "marked")
"""Sets that most texts lack: how much is shared says something only beside how much there is."""
NEITHER = -1.0
"""The share of what one of the two lacks."""

FEATURES: tuple[str, ...] = (
    "n-grams",
    "meaning",
    "pieces shared of both",
    "pieces shared of the fewer",
    *(
        f"{name} {what}"
        for name in SETS
        for what in ("shared of the more", "shared of the fewer", "fewer", "more")
        if name in _COUNTED or what.startswith("shared")
    ),
    "characters of the shorter",
    "characters apart",
    "words of the shorter",
    "words apart",
)
GROWING: tuple[bool, ...] = tuple(
    name in ("n-grams", "meaning") or " shared of " in name for name in FEATURES
)
"""Of which features more can only mean more alike."""


def pair_features(views: Sequence[View], others: Sequence[View]) -> NDArray[np.float64]:
    """[texts, other texts, features], each the same in whatever order and company texts come."""
    columns = [_gram_cosines(views, others), _meaning(views, others), *_pieces(views, others)]
    for at, name in enumerate(SETS):
        columns += _shares(views, others, at, name in _COUNTED)
    columns += _apart([view.characters for view in views], [view.characters for view in others])
    columns += _apart([view.word_count for view in views], [view.word_count for view in others])
    return np.stack(columns, axis=-1)


def character_cosines(views: Sequence[View], others: Sequence[View]) -> Matrix:
    """Cosines of the characters and pairs of characters of what is written without spaces, from 0 to 1."""
    left, right = ([(view.character_places, view.character_weights) for view in of] for of in (views, others))
    return _cosines(left, right)


def _gram_cosines(views: Sequence[View], others: Sequence[View]) -> Matrix:
    left, right = ([(view.gram_places, view.gram_weights) for view in of] for of in (views, others))
    return _cosines(left, right)


def _cosines(left: Sequence[_Row], right: Sequence[_Row]) -> Matrix:
    def rows(of: Sequence[_Row]) -> "csr_array":
        return _sparse([places for places, _ in of], np.concatenate([weights for _, weights in of]), GRAMS)

    return _product(rows(left), rows(right)).clip(0, 1)


def _meaning(views: Sequence[View], others: Sequence[View]) -> Matrix:
    left, right = (np.stack([one.meaning for one in of]).astype(np.float64) for of in (views, others))
    cosines: Matrix = left @ right.T
    return cosines


def _pieces(views: Sequence[View], others: Sequence[View]) -> list[Matrix]:
    """Pieces of words that both have, the rare ones counting for more: of all that either has, of the fewer."""
    rarity = word_vectors().rarity
    shared = _shared([view.pieces for view in views], [view.pieces for view in others], rarity)
    weights, other_weights = (
        np.array([rarity[view.pieces].sum() for view in of], dtype=np.float64) for of in (views, others)
    )
    either = weights[:, None] + other_weights[None] - shared
    return [_share(shared, either), _share(shared, np.minimum(weights[:, None], other_weights[None]))]


def _shares(views: Sequence[View], others: Sequence[View], at: int, is_counted: bool) -> list[Matrix]:
    sets, other_sets = [view.sets[at] for view in views], [view.sets[at] for view in others]
    shared = _shared(sets, other_sets)
    count, other_count = np.array(list(map(len, sets)))[:, None], np.array(list(map(len, other_sets)))[None]
    fewer, more = np.minimum(count, other_count), np.maximum(count, other_count)
    counts = [fewer.astype(np.float64), more.astype(np.float64)] if is_counted else []
    return [_share(shared, more), _share(shared, fewer), *counts]


def _share(part: Matrix, whole: NDArray[np.float64] | NDArray[np.int_]) -> Matrix:
    found: Matrix = np.where(whole > 0, part / np.where(whole > 0, whole, 1), NEITHER)
    return found


def _shared(
    sets: Sequence[_Members],
    others: Sequence[_Members],
    weights: NDArray[np.float64] | None = None,
) -> Matrix:
    """How much each two sets have in common: so many members, or the sum of their weights."""
    known, places = np.unique(np.concatenate([*sets, *others]), return_inverse=True)
    borders = np.cumsum([len(one) for one in (*sets, *others)])[:-1]
    split = np.split(places, borders)
    rows, other_rows = split[: len(sets)], split[len(sets) :]
    worth = np.ones(len(known)) if weights is None else weights[known]
    left = _sparse(rows, worth[np.concatenate(rows)], len(known))
    return _product(left, _sparse(other_rows, np.ones(sum(map(len, other_rows))), len(known)))


def _sparse(places: Sequence[NDArray[np.integer]], values: NDArray[np.float64], width: int) -> "csr_array":
    ends = np.cumsum([0, *map(len, places)])
    columns = np.concatenate(places).astype(np.int64)
    from scipy.sparse import csr_array  # a start has no need of it

    return csr_array((values.astype(np.float64), columns, ends), shape=(len(places), max(1, width)))


def _product(rows: "csr_array", others: "csr_array") -> Matrix:
    found: Matrix = (rows @ others.T).toarray()
    return found


def _apart(values: Sequence[float], others: Sequence[float]) -> list[Matrix]:
    """The smaller of each two, and how far they lie apart."""
    left, right = np.array(values)[:, None], np.array(others)[None]
    return [np.minimum(left, right), np.abs(left - right)]
