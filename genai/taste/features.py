"""Turns the text of an idea into numbers that preferences are learned over."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.pipeline import FeatureUnion, make_union

_WORDS = 2**11
_PIECES = 2**10
_PIECES_SHARE = 0.5
"""Pieces of words join related forms, and serve languages without spaces; whole words say more."""


def _vectorizer() -> FeatureUnion:
    """Hashing needs no fitting, so an idea has the same features on every day and every machine."""
    words = HashingVectorizer(n_features=_WORDS, stop_words="english")
    pieces = HashingVectorizer(n_features=_PIECES, analyzer="char_wb", ngram_range=(3, 4))
    union = make_union(words, pieces)
    return union.set_params(transformer_weights={union.transformer_list[1][0]: _PIECES_SHARE})


_VECTORIZER = _vectorizer()


def features(texts: Sequence[str]) -> NDArray[np.float64]:
    """One row per text, [texts, features]; a row's length is about 1, or 0 for a text without words."""
    dense: NDArray[np.float64] = _VECTORIZER.transform(texts).toarray()
    return dense
