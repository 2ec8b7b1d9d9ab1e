"""Scores candidates and chooses the next to show: good ones that say something else than those before.

It takes the candidate with the largest

    (1 - d) · score + d · (how surely it says what none of the chosen says),    d = `diversity`,

first among those that are about the topic. That is maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998)
with the product over the chosen of 1 - likeness in place of the largest likeness: where a likeness is the probability
that two say the same, the sum over a list is how many different ideas it should have. The largest likeness and a
determinantal point process choose about as well. A list of which nothing is shown yet can be chosen together instead
(`together.py`), which chooses better (docs/choosing.md).

A score is the weighted mean of what is known of a candidate, each from 0 to 1: `relevance` to the topic,
`concreteness`, `form`; `likelihood`, the geometric mean of its tokens' probabilities, which does not favour short
texts; `agreement` of an ensemble's members; `novelty`, 1 - its largest likeness to what was seen before. To that is
added what the person is likely to think of it, by a draw from what is known of their taste (`genai.taste`), times its
weight.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from genai.likeness.measure import Likeness
from genai.likeness.pair_features import Matrix
from genai.reranking.concreteness import concreteness
from genai.reranking.reasons import ANY, Kind, Reason
from genai.reranking.relevance import ON_TOPIC, evidence, meanings, relevance
from genai.reranking.settings import RerankingSettings
from genai.reranking.together import most_together
from genai.reranking.whole_texts import forms
from genai.taste import Sample
from genai.text import Vectors

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


_ALONE = 0.25
"""Weight of a score where several are chosen together, beside the weight it has where one is."""


@dataclass(slots=True)
class _Known(Generic[Item]):
    """A candidate, and what is known of it by itself.

    `closest` is its largest likeness to one that was taken or excluded, `new` how surely it says what none taken says.
    """

    candidate: Candidate[Item]
    meaning: Vectors | None
    concreteness: float | None
    novelty: float
    closest: float
    taste: float | None
    new: float = 1.0
    is_taken: bool = False

    @property
    def said(self) -> str:
        """All that it says."""
        return self.candidate.said or self.candidate.text

    def compare(self, likeness: float) -> None:
        """Know it beside one that was taken."""
        self.closest = max(self.closest, likeness)
        self.new *= 1 - likeness


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known of a candidate among the others; None where there is no topic."""

    relevance: float | None
    form: float | None
    kind: Kind


class Ranking(Generic[Item]):
    """Takes candidates as they come and gives the best one at a time; blocking, for one thread at a time.

    No two are near-duplicates, nor is one of `excluded`, unless these are asked for; what is like something `seen` is
    less novel, and comes after what is not.
    With a `topic` candidates are judged by what they say, too.
    """

    def __init__(
        self,
        likeness: Likeness,
        settings: RerankingSettings,
        *,
        topic: str = "",
        seen: Sequence[str] = (),
        excluded: Sequence[str] = (),
        taste: Sample | None = None,
    ) -> None:
        self._likeness = likeness
        self._settings = settings
        self._topic = meanings([topic])[0] if topic.strip() else None
        self._seen = seen
        self._excluded = excluded
        self._taste = taste if settings.taste_weight else None
        self._known: list[_Known[Item]] = []
        self._alike: Matrix = np.zeros((0, 0))

    def add(self, candidates: Sequence[Candidate[Item]]) -> None:
        """Let `candidates` stand for choice."""
        if not candidates:
            return
        texts = [candidate.text for candidate in candidates]
        liked = [None] * len(texts) if self._taste is None else self._taste.values(texts).tolist()
        said = [candidate.said or candidate.text for candidate in candidates]
        meaning = [None] * len(texts) if self._topic is None else list(meanings(said))
        novelty, closest = 1 - self._closest(texts, self._seen), self._closest(texts, self._excluded)
        concrete = [None if self._topic is None else concreteness(text) for text in said]
        added = list(map(_Known, candidates, meaning, concrete, novelty.tolist(), closest.tolist(), liked))
        self._known += added
        self._alike = self._grown(texts)
        for place in [place for place, known in enumerate(self._known) if known.is_taken]:
            self._compare(added, self._alike[place, len(self._known) - len(added) :])

    def _grown(self, texts: Sequence[str]) -> Matrix:
        """How like each other all are, `texts` the last of them; these are compared in one go, which is quicker."""
        before = len(self._known) - len(texts)
        rows = self._likeness.pairwise(texts, [known.candidate.text for known in self._known])
        alike = np.zeros((len(self._known), len(self._known)))
        alike[:before, :before] = self._alike
        alike[before:], alike[:, before:] = rows, rows.T
        return alike

    def _closest(self, texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self._likeness.pairwise(texts, others).max(axis=1, initial=0.0)
        return found

    @staticmethod
    def _compare(several: Sequence[_Known[Item]], likenesses: Matrix) -> None:
        for known, likeness in zip(several, likenesses.tolist(), strict=True):
            known.compare(likeness)

    def best(self, kinds: Sequence[Kind] = ANY) -> tuple[Item, Reason] | None:
        """Take out the best one of the first of the kinds that there is one of; None where there is none."""
        return self._best(range(len(self._known)), kinds)

    def best_together(self, count: int, kinds: Sequence[Kind]) -> list[tuple[Item, Reason]]:
        """Take out `count` of all that wait, or all, chosen as a set: the most different things about the topic.

        Each then tells how it compares with those before it, in the order of `best`. What is off the topic is only
        among them where there is nothing else.
        """
        judged = self._judged()
        waiting = [at for at, known in enumerate(self._known) if not known.is_taken]
        about = [1.0 if (sure := judged[at].relevance) is None else sure for at in waiting]
        strays = np.array([judged[at].kind is Kind.OFF_TOPIC for at in waiting], dtype=np.float64)
        reasons = [self._reason(self._known[at], judged[at], Counter()) for at in waiting]
        diversity = self._settings.diversity
        places = most_together(
            self._alike[np.ix_(waiting, waiting)],
            np.array([diversity * one / (one + ON_TOPIC) for one in about]),
            np.array([_ALONE * (1 - diversity) * reason.score for reason in reasons]) - count * strays,
            count,
        )
        among = [waiting[place] for place in places]
        return [found for _ in among if (found := self._best(among, kinds))]

    def _best(self, among: Sequence[int], kinds: Sequence[Kind]) -> tuple[Item, Reason] | None:
        judged = self._judged()
        waiting = [at for at, known in enumerate(self._known) if not known.is_taken]
        of_kinds = (
            [at for at in among if not self._known[at].is_taken and judged[at].kind is kind] for kind in kinds
        )
        places = next(filter(None, of_kinds), [])
        if not places:
            return None
        counts = Counter(judged[at].kind for at in waiting)
        reasons = [self._reason(self._known[at], judged[at], counts) for at in places]
        diversity = self._settings.diversity
        worth = [(1 - diversity) * reason.score - diversity * reason.likeness for reason in reasons]
        best = max(range(len(places)), key=worth.__getitem__)
        known = self._known[places[best]]
        known.is_taken = True
        self._compare(self._known, self._alike[places[best]])
        because = None if self._taste is None else self._taste.taste.because(known.candidate.text)
        return known.candidate.item, replace(reasons[best], because=because)

    def _judged(self) -> list[_Judged]:
        limit = self._settings.duplicate_threshold or self._likeness.thresholds.duplicate
        words, form = self._words(), self._forms()
        relevant = [
            relevance(one, known.candidate.topical) for one, known in zip(words, self._known, strict=True)
        ]
        return [
            _Judged(on_topic, whole, _kind(on_topic, known, limit))
            for on_topic, whole, known in zip(relevant, form, self._known, strict=True)
        ]

    def _words(self) -> Sequence[float | None]:
        """What their words say of whether they are about the topic."""
        if self._topic is None or not self._known:
            return [None] * len(self._known)
        meaning = np.stack([known.meaning for known in self._known if known.meaning is not None])
        return evidence(self._topic, meaning).tolist()  # type: ignore[no-any-return]

    def _forms(self) -> Sequence[float | None]:
        if self._topic is None:
            return [None] * len(self._known)
        return forms([known.said for known in self._known])

    def _reason(self, known: _Known[Item], judged: _Judged, counts: Counter[Kind]) -> Reason:
        settings, candidate = self._settings, known.candidate
        mean = candidate.mean_log_probability
        likelihood = None if mean is None else math.exp(min(mean, 0.0))
        parts = (
            (settings.relevance_weight, judged.relevance),
            (settings.concreteness_weight, known.concreteness),
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
            1 - known.new,
            considered=counts[judged.kind],
            duplicates=counts[Kind.DUPLICATE],
            taste=known.taste,
            relevance=judged.relevance,
            concreteness=known.concreteness,
            form=judged.form,
            off_topic=counts[Kind.OFF_TOPIC],
            kind=judged.kind,
        )


def _kind(relevant: float | None, known: _Known[Item], limit: float) -> Kind:
    if known.closest >= limit:
        return Kind.DUPLICATE
    if relevant is not None and relevant < ON_TOPIC:
        return Kind.OFF_TOPIC
    return Kind.SEEN if 1 - known.novelty >= limit else Kind.NEW
