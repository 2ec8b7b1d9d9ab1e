"""Scores candidates and chooses the next to show, by maximal marginal relevance.

MMR (Carbonell and Goldstein, SIGIR 1998) takes the candidate with the largest

    (1 - d) · score - d · (largest similarity to one that was chosen),    d = `diversity`.

A score is the weighted mean of what is known of a candidate, each from 0 to 1: `likelihood`, the geometric mean
of its tokens' probabilities, which does not favour short texts; `agreement` of an ensemble's members; `novelty`,
1 - its largest similarity to what was seen before. To that is added what the person is likely to think of it, by a
draw from what is known of their taste (`genai.taste`), times its weight.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from genai.reranking.settings import RerankingSettings
from genai.taste import Because, Sample
from genai.text import Embed, Vectors

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Item]):
    """Something to show, and the text that it is compared by.

    mean_log_probability in nats per token; None where it is not known.
    """

    item: Item
    text: str
    mean_log_probability: float | None = None
    agreement: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate was chosen: its score and what that is made of, and what it was chosen from.

    `likeness` is its largest similarity to the ideas chosen before it; `considered` candidates stood for choice,
    `duplicates` others had been dropped because they said the same as one that was chosen or seen. `taste` is how
    much the person should like it, about -1 to 1, None where that does not count; `because` says what speaks for it.
    `given` were left out because others had got them already.
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
    given: int = 0


class Ranking(Generic[Item]):
    """Takes candidates as they come and gives the best one at a time; blocking, for one thread at a time.

    No two that it gives are near-duplicates, nor is one of `excluded`; `seen` makes a candidate less novel.
    """

    def __init__(
        self,
        embed: Embed,
        settings: RerankingSettings,
        *,
        seen: Sequence[str],
        excluded: Sequence[str] = (),
        taste: Sample | None = None,
    ) -> None:
        self._embed = embed
        self._settings = settings
        self._seen = embed(seen) if seen else None
        self._taken = embed(excluded) if excluded else None
        self._taste = taste if settings.taste_weight else None
        self._waiting: list[tuple[Candidate[Item], Vectors, float | None]] = []
        self._chosen: list[Vectors] = []
        self._duplicates = 0

    def add(self, candidates: Sequence[Candidate[Item]]) -> None:
        """Let `candidates` stand for choice."""
        if candidates:
            texts = [candidate.text for candidate in candidates]
            liked = [None] * len(texts) if self._taste is None else self._taste.values(texts).tolist()
            self._waiting += zip(candidates, self._embed(texts), liked, strict=True)

    def best(self) -> tuple[Item, Reason] | None:
        """Take out the best of those that wait; None when none is left that says something else."""
        self._drop_duplicates()
        if not self._waiting:
            return None
        considered = len(self._waiting)
        reasons = [self._reason(*waiting, considered) for waiting in self._waiting]
        diversity = self._settings.diversity
        worth = [(1 - diversity) * reason.score - diversity * reason.likeness for reason in reasons]
        place = max(range(considered), key=worth.__getitem__)
        candidate, vector, _ = self._waiting.pop(place)
        self._chosen.append(vector)
        because = None if self._taste is None else self._taste.taste.because(candidate.text)
        return candidate.item, replace(reasons[place], because=because)

    def _drop_duplicates(self) -> None:
        limit, before = self._settings.duplicate_threshold, len(self._waiting)
        self._waiting = [
            waiting
            for waiting in self._waiting
            if max(self._likeness(waiting[1]), _closest(waiting[1], self._taken)) < limit
        ]
        self._duplicates += before - len(self._waiting)

    def _likeness(self, vector: Vectors) -> float:
        return _closest(vector, np.stack(self._chosen) if self._chosen else None)

    def _reason(
        self, candidate: Candidate[Item], vector: Vectors, taste: float | None, considered: int
    ) -> Reason:
        mean = candidate.mean_log_probability
        likelihood = None if mean is None else math.exp(min(mean, 0.0))
        novelty = 1 - _closest(vector, self._seen)
        parts = (
            (self._settings.likelihood_weight, likelihood),
            (self._settings.agreement_weight, candidate.agreement),
            (self._settings.novelty_weight, novelty),
        )
        known = [(weight, value) for weight, value in parts if value is not None]
        total = sum(weight for weight, _ in known)
        score = sum(weight * value for weight, value in known) / total if total else 0.0
        score += self._settings.taste_weight * taste if taste is not None else 0.0
        return Reason(
            score,
            likelihood,
            candidate.agreement,
            novelty,
            self._likeness(vector),
            considered,
            self._duplicates,
            taste,
        )


def _closest(vector: Vectors, others: Vectors | None) -> float:
    """The largest cosine between unit vectors, at least 0; 0 where there are no others."""
    return 0.0 if others is None else max(0.0, float((others @ vector).max()))
