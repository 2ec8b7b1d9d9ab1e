"""A taste in words: what the liked ideas are about, and what the disliked ones."""

from collections import defaultdict
from collections.abc import Sequence

from sklearn.feature_extraction.text import CountVectorizer

from genai.taste.model import Opinion

_WORD = r"(?u)\b[^\W\d_]{3,}\b"


def in_words(opinions: Sequence[Opinion], most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that speak for an idea, and words that speak against it, the strongest first, at most `most` each."""
    analyze = CountVectorizer(stop_words="english", token_pattern=_WORD).build_analyzer()
    weights: defaultdict[str, float] = defaultdict(float)
    for opinion in opinions:
        for word in dict.fromkeys(analyze(opinion.text)):
            weights[word] += opinion.value
    ordered = sorted(weights, key=lambda word: (-abs(weights[word]), word))
    liked = tuple(word for word in ordered if weights[word] > 0)[:most]
    return liked, tuple(word for word in ordered if weights[word] < 0)[:most]
