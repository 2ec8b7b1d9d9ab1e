"""Texts compared, grouped, searched and summarised, without a language model. Blocking; call it off the event loop."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genai.errors import GenerationError, ModelMissing
from genai.likeness.character_grams import counted, in_words
from genai.likeness.text_views import is_written_together
from genai.likeness.word_vectors import meanings
from genai.stop_words import stop_words

# How alike texts are: cosine of their n-grams, or of sentence embeddings. Blocking; call it off the event loop.


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

    Sublinear counts (1 + ln n) keep a topic that is named twice from deciding. Every list of ideas needs this, so
    it does without scikit-learn, which takes half a second to import, and much memory.
    """
    rows = np.zeros((len(texts), _FEATURES), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        places, counts = counted(in_words(text.lower()), _FEATURES)
        row[places] = 1 + np.log(counts)
    return _unit(rows)


def _rows(texts: Sequence[str], analyzer: Callable[[str], list[str]]) -> tuple[Any, Any]:
    """A vectorizer by sublinear TF-IDF, and its rows of the texts. Raises ValueError where they have no words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=analyzer, sublinear_tf=True)
    return vectorizer, vectorizer.fit_transform(texts)


def _sentences(name: str) -> Embed:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise GenerationError(
            f"reranking.similarity_model = {name!r} needs the library sentence-transformers; "
            'run pip install sentence-transformers, or set "ngrams".'
        ) from error
    try:
        model: Any = SentenceTransformer(name)
    except Exception as error:  # whatever a missing or broken model provokes
        raise ModelMissing(
            f"The sentence-transformers model {name} cannot be loaded; check reranking.similarity_model."
        ) from error
    return lambda texts: _unit(np.asarray(model.encode(list(texts), show_progress_bar=False)))


def _unit(vectors: Any) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    units: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return units


# Groups texts that say similar things, and names each group by the words that set it apart.


_SHARED = 1 / 3
"""The share of a group's texts that have the word it is named by."""
_MOST_CLUSTERS = 8
"""More regions than this are no overview."""
_WRITTEN_TOGETHER = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Kana and Han: words without spaces between them."""
_WORD = re.compile(rf"([^\W\d_{_WRITTEN_TOGETHER}]{{3,}})|([{_WRITTEN_TOGETHER}]+)")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places in the list of texts that was given, in order; `theme` is a word, "" where the texts share none."""

    theme: str
    members: tuple[int, ...]


def cluster(texts: Sequence[str], *, apart_from: str = "") -> list[Cluster]:
    """The texts in groups, largest first; every text is in exactly one. Words of `apart_from` name no theme.

    Average linkage over cosine distances of what texts are about, without what all are about; as many groups as the
    silhouette (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7) finds best, at most eight. The likeness that tells
    whether two say the same is no measure of that: it found the groups less well (docs/likeness.md).
    """
    if not texts:
        return []
    vectors, words = _vectors(texts, apart_from)
    labels = _labels(texts, vectors) if len(texts) > 2 and len(words) else np.zeros(len(texts), dtype=int)
    groups = [tuple(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
    groups.sort(key=lambda group: (-len(group), group))
    return [
        Cluster(theme, members)
        for theme, members in zip(_themes(vectors, words, groups), groups, strict=True)
    ]


def _vectors(texts: Sequence[str], apart_from: str) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """TF-IDF rows [texts, words] and the words; no words where the texts have none."""
    try:
        vectorizer, rows = _rows(texts, telling_words)
    except ValueError:  # nothing but stop words
        return np.zeros((len(texts), 1)), np.array([])
    dense = rows.toarray()
    words = vectorizer.get_feature_names_out()
    topic = set(telling_words(apart_from))
    telling = np.array([not any(_is_form_of(word, other) for other in topic) for word in words])
    return (dense[:, telling], words[telling]) if telling.any() else (np.zeros((len(texts), 1)), np.array([]))


def telling_words(text: str) -> list[str]:
    """The words that tell something; what is written together comes in pairs of characters."""
    found: list[str] = []
    for word, together in _WORD.findall(text.lower()):
        found += [word] if word and word not in stop_words() else []
        found += [together[at : at + 2] for at in range(len(together) - 1)]
    return found


def _is_form_of(word: str, other: str) -> bool:
    """Whether one is the other with an ending, as "lid" and "lids"."""
    return word.startswith(other) or other.startswith(word)


def _labels(texts: Sequence[str], vectors: NDArray[np.float64]) -> NDArray[np.int_]:
    """A label for each text; those without any telling word are alone with one another."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import silhouette_score

    blank: NDArray[np.bool_] = ~np.asarray(vectors.any(axis=1))
    distances = _distances(
        [text for text, out in zip(texts, blank.tolist(), strict=True) if not out], vectors[~blank]
    )
    found = np.zeros(len(distances), dtype=int)
    best = -1.0
    for count in range(2, min(_MOST_CLUSTERS, len(distances) - 1) + 1):
        grouping = AgglomerativeClustering(count, metric="precomputed", linkage="average")
        labels = grouping.fit_predict(distances)
        score = float(silhouette_score(distances, labels, metric="precomputed"))
        if score > best:
            best, found = score, labels
    labels = np.full(len(vectors), found.max(initial=-1) + 1)
    labels[~blank] = found
    return labels


def _distances(texts: Sequence[str], words: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart texts are, 0 to 2: by static word vectors, which know related words, else by shared words."""
    rows = words
    if not any(map(is_written_together, texts)):
        with suppress(ModelMissing):
            rows = meanings(texts)
            rows = rows - rows.mean(axis=0)
    units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    distances: NDArray[np.float64] = (1 - units @ units.T).clip(0)
    np.fill_diagonal(distances, 0.0)
    return distances


def _themes(
    vectors: NDArray[np.float64], words: NDArray[np.str_], groups: Iterable[tuple[int, ...]]
) -> list[str]:
    """For each group the word that weighs more in it than elsewhere, of those that many of its texts have."""
    overall = vectors.mean(axis=0)
    themes: list[str] = []
    for group in groups:
        rows = vectors[list(group)]
        telling = rows.mean(axis=0) - (overall if len(group) < len(vectors) else 0)
        is_shared = (rows > 0).sum(axis=0) >= max(2, len(group) * _SHARED)
        shared = np.flatnonzero(is_shared) if len(words) else np.array([], dtype=int)
        themes.append(str(words[shared[telling[shared].argmax()]]) if len(shared) else "")
    return themes


# Finds the texts that a query is about, by TF-IDF over those texts themselves. Blocking: milliseconds.


LEAST = 0.12
"""Least cosine that makes a text relevant."""
_STEM = 5
_TERM = re.compile(r"[^\W_]+")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def relevant(query: str, texts: Sequence[str], most: int, least: float = LEAST) -> list[int]:
    """Places of at most `most` texts that are about the query, the most relevant first, the earlier of equals."""
    if not texts or not terms(query):
        return []
    try:
        vectorizer, rows = _rows(texts, terms)
    except ValueError:  # no text has a word
        return []
    likeness = (rows @ vectorizer.transform([query]).T).toarray()[:, 0]
    order = np.argsort(-likeness, kind="stable")[:most]
    return [int(place) for place in order if likeness[place] >= least]


def terms(text: str) -> list[str]:
    """Words that mean something, each also by its beginning, which forms of a word share; pairs of characters of
    languages that are written without spaces."""
    found: list[str] = []
    for word in _TERM.findall(text.lower()):
        if _WITHOUT_SPACES.search(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif word not in stop_words():
            found += [word, f"{word[:_STEM]}-"]
    return found


# Summaries of what was said: sentences taken out of it, and whether a model's own summary may be trusted.


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
        rows = _rows(sentences, terms)[1].toarray()
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
