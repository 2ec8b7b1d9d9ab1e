"""Groups texts that say similar things, and names each group by the words that set it apart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.metrics import silhouette_score

_THEME_WORDS = 2
_MOST_CLUSTERS = 8
"""More regions than this are no overview."""
_WRITTEN_TOGETHER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Kana and Han: words without spaces between them."""
_WORD = re.compile(rf"([^\W\d_{_WRITTEN_TOGETHER}]{{3,}})|([{_WRITTEN_TOGETHER}]+)")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places in the list of texts that was given, in order; `theme` is "" where no word sets it apart."""

    theme: str
    members: tuple[int, ...]


def cluster(texts: Sequence[str], *, apart_from: str = "") -> list[Cluster]:
    """The texts in groups, largest first; every text is in exactly one. Words of `apart_from` name no theme.

    Average linkage over cosine distances of TF-IDF; as many groups as the silhouette (Rousseeuw 1987,
    doi:10.1016/0377-0427(87)90125-7) finds best, at most eight.
    """
    if not texts:
        return []
    vectors, words = _vectors(texts, apart_from)
    labels = _labels(vectors) if len(texts) > 2 and len(words) else np.zeros(len(texts), dtype=int)
    groups = [tuple(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
    groups.sort(key=lambda group: (-len(group), group))
    return [
        Cluster(theme, members)
        for theme, members in zip(_themes(vectors, words, groups), groups, strict=True)
    ]


def _vectors(texts: Sequence[str], apart_from: str) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """TF-IDF rows [texts, words] and the words; no words where the texts have none."""
    vectorizer = TfidfVectorizer(analyzer=telling_words, sublinear_tf=True)
    try:
        dense = vectorizer.fit_transform(texts).toarray()
    except ValueError:  # nothing but stop words
        return np.zeros((len(texts), 1)), np.array([])
    words = vectorizer.get_feature_names_out()
    topic = set(telling_words(apart_from))
    telling = np.array([not any(_is_form_of(word, other) for other in topic) for word in words])
    return (dense[:, telling], words[telling]) if telling.any() else (np.zeros((len(texts), 1)), np.array([]))


def telling_words(text: str) -> list[str]:
    """The words that tell something; what is written together comes in pairs of characters."""
    found: list[str] = []
    for word, together in _WORD.findall(text.lower()):
        found += [word] if word and word not in ENGLISH_STOP_WORDS else []
        found += [together[at : at + 2] for at in range(len(together) - 1)]
    return found


def _is_form_of(word: str, other: str) -> bool:
    """Whether one is the other with an ending, as "lid" and "lids"."""
    return word.startswith(other) or other.startswith(word)


def _labels(vectors: NDArray[np.float64]) -> NDArray[np.int_]:
    """A label for each row; rows without any telling word are alone with one another."""
    blank = ~vectors.any(axis=1)
    rows = vectors[~blank]
    found = np.zeros(len(rows), dtype=int)
    best = -1.0
    for count in range(2, min(_MOST_CLUSTERS, len(rows) - 1) + 1):
        labels = AgglomerativeClustering(count, metric="cosine", linkage="average").fit_predict(rows)
        score = float(silhouette_score(rows, labels, metric="cosine"))
        if score > best:
            best, found = score, labels
    labels = np.full(len(vectors), found.max(initial=-1) + 1)
    labels[~blank] = found
    return labels


def _themes(
    vectors: NDArray[np.float64], words: NDArray[np.str_], groups: Iterable[tuple[int, ...]]
) -> list[str]:
    """For each group the words that weigh more in it than elsewhere."""
    overall = vectors.mean(axis=0)
    themes: list[str] = []
    for group in groups:
        weight = vectors[list(group)].mean(axis=0)
        telling = weight - overall if len(group) < len(vectors) else weight
        order = np.argsort(-telling, kind="stable")[:_THEME_WORDS]
        themes.append(" & ".join(str(words[at]) for at in order if len(words) and weight[at] > 0))
    return themes
