"""Scores candidates and chooses the next to show, by maximal marginal relevance.

MMR (Carbonell and Goldstein, SIGIR 1998) takes the candidate with the largest

    (1 - d) · score - d · (largest similarity to one that was chosen),    d = `diversity`,

first among those that are about the topic. A score is the weighted mean of what is known of a candidate, each from 0
to 1: `relevance` to the topic, `concreteness`, `form`; `likelihood`, the geometric mean of its tokens' probabilities,
which does not favour short texts; `agreement` of an ensemble's members; `novelty`, 1 - its largest similarity to what
was seen before. To that is added what the person is likely to think of it, by a draw from what is known of their taste
(`genai.taste`), times its weight. A determinantal point process chose no better (docs/diversity.md).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from genai.reranking.concreteness import concreteness
from genai.reranking.form import forms
from genai.reranking.relevance import ON_TOPIC, among, by_likelihood
from genai.reranking.settings import RerankingSettings
from genai.taste import Because, Sample
from genai.text import Embed, Vectors

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Item]):
    """Something to show, and the text that it is compared by.

    `said` is all that it says, its subject included, by which it is judged; the text where it is "".
    mean_log_probability in nats per token, and `topical` how much of that it owes to the topic; None where not known.
    """

    item: Item
    text: str
    mean_log_probability: float | None = None
    agreement: float | None = None
    said: str = ""
    topical: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate was chosen: its score and what that is made of, and what it was chosen from.

    `likeness` is its largest similarity to the ideas chosen before it; `considered` candidates stood for choice,
    `duplicates` others said the same as one that was chosen or seen, `off_topic` others were not about the topic.
    `taste` is how much the person should like it, about -1 to 1, None where that does not count; `because` says what
    speaks for it.
    """

    score: float
    likelihood: float | None
    agreement: float | None
    novelty: float
    likeness: float
    considered: int
    duplicates: int
    taste: float | None = None
    because: Because | None = None
    relevance: float | None = None
    concreteness: float | None = None
    form: float | None = None
    off_topic: int = 0


class Kind(Enum):
    """What may be taken: `NEW` says something else than was chosen, about the topic; `DUPLICATE` is about it too."""

    NEW = "new"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off topic"


@dataclass(slots=True)
class _Known(Generic[Item]):
    """A candidate, and what is known of it by itself; `closest` is its largest similarity to one that was taken."""

    candidate: Candidate[Item]
    vector: Vectors
    words: Vectors | None
    novelty: float
    barred: float
    closest: float
    taste: float | None
    is_taken: bool = False

    @property
    def said(self) -> str:
        return self.candidate.said or self.candidate.text


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known of a candidate among the others; None where there is no topic."""

    relevance: float | None
    concreteness: float | None
    form: float | None
    kind: Kind


class Ranking(Generic[Item]):
    """Takes candidates as they come and gives the best one at a time; blocking, for one thread at a time.

    No two `NEW` ones that it gives are near-duplicates, nor is one of `excluded`; `seen` makes a candidate less novel.
    With a `topic` candidates are judged by what they say, too: `words` makes the vectors that it is compared by.
    """

    def __init__(
        self,
        embed: Embed,
        settings: RerankingSettings,
        *,
        topic: str = "",
        words: Embed | None = None,
        seen: Sequence[str] = (),
        excluded: Sequence[str] = (),
        taste: Sample | None = None,
    ) -> None:
        self._embed = embed
        self._settings = settings
        self._words = words if topic.strip() else None
        self._topic = self._words([topic])[0] if self._words else None
        self._seen = embed(seen) if seen else None
        self._excluded = embed(excluded) if excluded else None
        self._taste = taste if settings.taste_weight else None
        self._known: list[_Known[Item]] = []

    def add(self, candidates: Sequence[Candidate[Item]]) -> None:
        """Let `candidates` stand for choice."""
        if not candidates:
            return
        texts = [candidate.text for candidate in candidates]
        vectors = self._embed(texts)
        liked = [None] * len(texts) if self._taste is None else self._taste.values(texts).tolist()
        taken = [known.vector for known in self._known if known.is_taken]
        novelty = 1 - _closest(vectors, self._seen)
        barred = _closest(vectors, self._excluded)
        closest = _closest(vectors, np.stack(taken) if taken else None)
        words = (
            self._words([one.said or one.text for one in candidates]) if self._words else [None] * len(texts)
        )
        for at, candidate in enumerate(candidates):
            numbers = float(novelty[at]), float(barred[at]), float(closest[at])
            self._known.append(_Known(candidate, vectors[at], words[at], *numbers, liked[at]))

    def best(self, kind: Kind = Kind.NEW) -> tuple[Item, Reason] | None:
        """Take out the best one of the kind; None where there is none."""
        judged = self._judged()
        waiting = [at for at, known in enumerate(self._known) if not known.is_taken]
        places = [at for at in waiting if judged[at].kind is kind]
        if not places:
            return None
        counts = Counter(judged[at].kind for at in waiting)
        reasons = [self._reason(self._known[at], judged[at], counts) for at in places]
        diversity = self._settings.diversity
        worth = [(1 - diversity) * reason.score - diversity * reason.likeness for reason in reasons]
        best = max(range(len(places)), key=worth.__getitem__)
        known = self._known[places[best]]
        self._take(known)
        because = None if self._taste is None else self._taste.taste.because(known.candidate.text)
        return known.candidate.item, replace(reasons[best], because=because)

    def _take(self, taken: _Known[Item]) -> None:
        taken.is_taken = True
        likeness = _closest(np.stack([known.vector for known in self._known]), taken.vector[None])
        for known, alike in zip(self._known, likeness.tolist(), strict=True):
            known.closest = max(known.closest, alike)

    def _judged(self) -> list[_Judged]:
        limit = self._settings.duplicate_threshold
        same = [max(known.closest, known.barred) >= limit for known in self._known]
        if self._topic is None:
            return [_Judged(None, None, None, Kind.DUPLICATE if one else Kind.NEW) for one in same]
        said = [known.said for known in self._known]
        relevance = self._relevance(self._topic)
        judged = zip(relevance, map(concreteness, said), forms(said).tolist(), same, strict=True)
        return [
            _Judged(relevant, concrete, form, _kind(relevant, is_same))
            for relevant, concrete, form, is_same in judged
        ]

    def _relevance(self, topic: Vectors) -> list[float]:
        """By the model where it told, else by the words."""
        by_words = among(topic, np.stack([known.words for known in self._known if known.words is not None]))
        told = [known.candidate.topical for known in self._known]
        return [
            value if topical is None else by_likelihood(topical)
            for value, topical in zip(by_words.tolist(), told, strict=True)
        ]

    def _reason(self, known: _Known[Item], judged: _Judged, counts: Counter[Kind]) -> Reason:
        settings, candidate = self._settings, known.candidate
        mean = candidate.mean_log_probability
        likelihood = None if mean is None else math.exp(min(mean, 0.0))
        parts = (
            (settings.relevance_weight, judged.relevance),
            (settings.concreteness_weight, judged.concreteness),
            (settings.form_weight, judged.form),
            (settings.likelihood_weight, likelihood),
            (settings.agreement_weight, candidate.agreement),
            (settings.novelty_weight, known.novelty),
        )
        weighed = [(weight, value) for weight, value in parts if value is not None]
        total = sum(weight for weight, _ in weighed)
        score = sum(weight * value for weight, value in weighed) / total if total else 0.0
        score += settings.taste_weight * known.taste if known.taste is not None else 0.0
        return Reason(
            score,
            likelihood,
            candidate.agreement,
            known.novelty,
            known.closest,
            considered=counts[judged.kind],
            duplicates=counts[Kind.DUPLICATE],
            taste=known.taste,
            relevance=judged.relevance,
            concreteness=judged.concreteness,
            form=judged.form,
            off_topic=counts[Kind.OFF_TOPIC],
        )


def _kind(relevance: float, is_same: bool) -> Kind:
    if is_same:
        return Kind.DUPLICATE
    return Kind.NEW if relevance >= ON_TOPIC else Kind.OFF_TOPIC


def _closest(vectors: Vectors, others: Vectors | None) -> NDArray[np.float64]:
    """The largest cosine of each unit vector to one of the others, at least 0; 0 where there are none."""
    if others is None:
        return np.zeros(len(vectors))
    found: NDArray[np.float64] = np.maximum(0.0, (vectors @ others.T).max(axis=1)).astype(np.float64)
    return found
