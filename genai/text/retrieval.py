"""Finds the texts that a query is about, by TF-IDF over those texts themselves. Blocking: milliseconds."""

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

LEAST = 0.12
"""Least cosine that makes a text relevant."""
_STEM = 5
_WORD = re.compile(r"[^\W_]+")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def relevant(query: str, texts: Sequence[str], most: int, least: float = LEAST) -> list[int]:
    """Places of at most `most` texts that are about the query, the most relevant first, the earlier of equals."""
    if not texts or not terms(query):
        return []
    vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
    try:
        rows = vectorizer.fit_transform(texts)
    except ValueError:  # no text has a word
        return []
    likeness = (rows @ vectorizer.transform([query]).T).toarray()[:, 0]
    order = np.argsort(-likeness, kind="stable")[:most]
    return [int(place) for place in order if likeness[place] >= least]


def terms(text: str) -> list[str]:
    """Words that mean something, each also by its beginning, which forms of a word share; pairs of characters of
    languages that are written without spaces."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if _WITHOUT_SPACES.search(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif word not in ENGLISH_STOP_WORDS:
            found += [word, f"{word[:_STEM]}-"]
    return found
