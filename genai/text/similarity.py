"""How alike texts are: cosine of their n-grams, or of sentence embeddings. Blocking; call it off the event loop."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genai.errors import GenerationError, ModelMissing

NGRAMS = "ngrams"
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors [texts, features]; a text without any feature is all zeros."""

_FEATURES = 2**14


@cache
def embedder(name: str) -> Embed:
    """`ngrams`, or a sentence-transformers model. Raises GenerationError where that cannot be had."""
    return _ngrams if name == NGRAMS else _sentences(name)


def _ngrams(texts: Sequence[str]) -> Vectors:
    """Character 3- to 5-grams within words, hashed: no vocabulary, so two texts are as alike in any company.

    Sublinear counts (1 + ln n) keep a topic that is named twice from deciding.
    """
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=_FEATURES, alternate_sign=False, norm=None
    )
    counts = vectorizer.transform(texts)
    counts.data = 1 + np.log(counts.data)
    return _unit(counts.toarray())


def _sentences(name: str) -> Embed:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise GenerationError(
            f"quality.similarity = {name!r} needs the library sentence-transformers; "
            'run pip install sentence-transformers, or set "ngrams".'
        ) from error
    try:
        model: Any = SentenceTransformer(name)
    except Exception as error:  # whatever a missing or broken model provokes
        raise ModelMissing(
            f"The sentence-transformers model {name} cannot be loaded; check quality.similarity."
        ) from error
    return lambda texts: _unit(np.asarray(model.encode(list(texts), show_progress_bar=False)))


def _unit(vectors: Any) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    units: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return units
