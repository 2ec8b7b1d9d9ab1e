"""How surely texts are about a topic: by the words that they are made of, and by what a model finds likely.

A text belongs to a topic if its words are like the topic's, and like those of the others that do; the second says
more where a topic is named in few words. Both are cosines of mean word vectors. A model inside Riff says how much
likelier the topic makes a text, its pointwise mutual information. What weighs how much was fitted to answers and ideas
among which some about other topics were mixed (docs/choosing.md).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genai.likeness.word_vectors import word_vectors
from genai.text import Vectors

ON_TOPIC = 0.12
"""Least relevance of a text that is about the topic."""
_TOPIC, _OTHERS, _BEHIND, _BIAS = 7.44, 7.08, -4.88, -1.35
"""Weights of the likeness to the topic, to the others, and of how far a text stays behind the nearer half."""
_WORDS, _NATS, _BOTH_BIAS = 1.19, 8.51, -0.44
"""Weights of what the words say, and of the nats a token that a text owes to the topic, where that is known ..."""
_NATS_ALONE, _ALONE_BIAS = 11.27, -1.05
"""... and of these alone."""
_WORDS_ALONE_BIAS = 0.95
"""Of words alone in favour of a text: names, numbers and jokes share none with their topic, and belong to it."""
_FEWEST = 3
"""Of fewer texts it cannot be said which stays behind the others."""
_SURE = 4.0
"""Evidence of a text where nothing tells."""
_READ_CHARACTERS = 600


def meanings(texts: Sequence[str]) -> Vectors:
    """The direction of each text's words together, [texts, features]; zeros where it has none."""
    vectors = word_vectors()
    pieces = vectors.pieces([text[:_READ_CHARACTERS] for text in texts])
    totals = np.stack([vectors.total(found) for found in pieces])
    lengths = np.maximum(np.linalg.norm(totals, axis=1, keepdims=True), 1e-12)
    units: Vectors = (totals / lengths).astype(np.float32)
    return units


def evidence(topic: Vectors, texts: Vectors) -> NDArray[np.float64]:
    """For each text the log-odds that it is about the topic, judged among the others by what `meanings` gave."""
    if len(texts) < _FEWEST or not topic.any():
        return np.full(len(texts), _SURE)
    near = (texts @ topic).astype(np.float64)
    alike = (texts @ texts.T).astype(np.float64)
    np.fill_diagonal(alike, 0.0)
    weights = near - near.min() + 1e-3  # what is near the topic says most of what belongs to it
    others = alike @ weights / (weights.sum() - weights + 1e-9)
    sums = near + others
    nearer_half = np.sort(sums)[len(sums) // 2 :].mean()
    found: NDArray[np.float64] = _TOPIC * near + _OTHERS * others + _BEHIND * (nearer_half - sums) + _BIAS
    return found


def relevance(by_words: float | None, topical: float | None) -> float | None:
    """From 0 to 1, of the words' evidence and of the nats a token that the text owes to the topic; None of neither."""
    if by_words is None and topical is None:
        return None
    if topical is None:
        odds = (by_words or 0.0) + _WORDS_ALONE_BIAS
    elif by_words is None:
        odds = _NATS_ALONE * topical + _ALONE_BIAS
    else:
        odds = _WORDS * by_words + _NATS * topical + _BOTH_BIAS
    return 1 / (1 + math.exp(-max(-50.0, odds)))
