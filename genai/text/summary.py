"""Summaries of what was said: sentences taken out of it, and whether a model's own summary may be trusted."""

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from genai.text.retrieval import terms

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_SHORTEST = 20
_SAME = 0.6
GROUNDED = 0.6
"""Least share of a summary's words that stand in what it summarises."""


def extract(texts: Sequence[str], characters: int) -> str:
    """The sentences nearest to what all are about, in their order, in at most `characters`.

    By centroid (Radev et al. 2004, doi:10.1016/j.ipm.2003.10.006), none twice.
    """
    sentences = list(
        dict.fromkeys(
            " ".join(found.split())
            for text in texts
            for found in _SENTENCE.findall(text)
            if len(found.strip()) >= _SHORTEST
        )
    )
    if not sentences:
        return " ".join(" ".join(texts).split())[:characters]
    try:
        rows = TfidfVectorizer(analyzer=terms, sublinear_tf=True).fit_transform(sentences).toarray()
    except ValueError:  # nothing but stop words
        return sentences[-1][:characters]
    order = np.argsort(-(rows @ rows.mean(axis=0)), kind="stable")
    chosen: list[int] = []
    room = characters
    for place in map(int, order):
        is_new = all(float(rows[place] @ rows[other]) < _SAME for other in chosen)
        if is_new and len(sentences[place]) < room:
            chosen.append(place)
            room -= len(sentences[place]) + 1
    return " ".join(sentences[place] for place in sorted(chosen)) or sentences[int(order[0])][:characters]


def is_summary(text: str, of: Sequence[str], characters: int) -> bool:
    """Whether `text` is short enough, shorter than what it summarises, and says little that is not in there."""
    known = set(terms(" ".join(of)))
    said = terms(text)
    if not said or not _SHORTEST <= len(text) <= min(characters, sum(map(len, of))):
        return False
    return sum(term in known for term in said) / len(said) >= GROUNDED
