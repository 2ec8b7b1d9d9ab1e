"""Simulated brainstorms: Riff takes its turns as in earnest, a simulated person likes some of what it shows.

The person likes the `LIKED` share of all ideas that lies furthest in a hidden direction of a latent semantic space
(Deerwester et al. 1990), which the learner does not know, as in `genai.evaluation.simulated_users`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.evaluation.candidates import ASKED, Material, Written
from genai.request import SamplingMode
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.settings import QualitySettings
from genai.taste import Opinion, Taste
from genai.text.clusters import cluster
from genai.text.similarity import Embed, embedder

LIKED = 0.3
_DIMENSIONS = 12


@dataclass(frozen=True, slots=True)
class Variant:
    """Riff with all of its ways of being a good partner, or without one; taste can only act on a ranking."""

    name: str
    mode: SamplingMode = "sobol"
    ranked: bool = True
    taste: bool = True


VARIANTS = (
    Variant("all"),
    Variant("without Sobol", mode="independent"),
    Variant("without ranking", ranked=False, taste=False),
    Variant("without taste", taste=False),
)


@dataclass(frozen=True, slots=True)
class Played:
    """One brainstorm: how many of the shown ideas differ, and shares from 0 to 1.

    `written` is how many of the ideas that were written for one turn differ, before any are chosen; a mean.
    `coverage` is the share of the groups of all that was written that the shown ideas come from, `novelty` the mean
    distance of a shown idea to the nearest on the board by then, `liked` the share that the person likes.
    """

    written: float
    shown: int
    distinct: int
    coverage: float
    novelty: float
    liked: float


class Play:
    """Plays one brainstorm again and again, each time as another variant; blocking."""

    def __init__(self, material: Material, settings: QualitySettings) -> None:
        self._material = material
        self._settings = settings
        self._embed: Embed = embedder(settings.similarity)
        texts = material.texts()
        groups = cluster(texts, apart_from=material.topic)
        self._group = {texts[at]: place for place, group in enumerate(groups) for at in group.members}
        self._liked = set(_liked(texts, material.seed))

    def as_variant(self, variant: Variant) -> Played:
        """What people see, and what that is worth."""
        board = [candidate.text for candidate in self._material.board]
        opinions: list[Opinion] = []
        shown: list[str] = []
        novelties: list[float] = []
        turns = self._material.turns[variant.mode]
        for number, written in enumerate(turns):
            taste = Taste(opinions) if variant.taste else None
            texts = self._chosen(written, board, taste, number) if variant.ranked else _first(written)
            novelties += self._novelties(texts, board)
            opinions += [Opinion(text, 1.0 if text in self._liked else -1.0) for text in texts]
            board, shown = board + texts, shown + texts
        return Played(
            float(np.mean([self._distinct([one.text for one in written]) for written in turns])),
            len(shown),
            self._distinct(shown),
            len({self._group[text] for text in shown}) / len(set(self._group.values())),
            float(np.mean(novelties)),
            sum(text in self._liked for text in shown) / len(shown),
        )

    def _chosen(self, written: Written, board: Sequence[str], taste: Taste | None, number: int) -> list[str]:
        seen = board[-self._settings.remembered :] if self._settings.remembered else []
        sample = taste.sample(self._material.seed * 100 + number) if taste else None
        ranking = Ranking[str](self._embed, self._settings, seen=seen, taste=sample)
        ranking.add([Candidate(one.text, one.text, one.mean_log_probability) for one in written])
        return [found[0] for _ in range(ASKED) if (found := ranking.best())]

    def _novelties(self, texts: Sequence[str], board: Sequence[str]) -> list[float]:
        if not texts:
            return []
        nearest = (self._embed(texts) @ self._embed(board).T).max(axis=1)
        return [float(1 - min(1.0, max(0.0, value))) for value in nearest]

    def _distinct(self, shown: Sequence[str]) -> int:
        """How many are near-duplicates of none shown before them."""
        ranking = Ranking[str](self._embed, self._settings, seen=())
        ranking.add([Candidate(text, text) for text in shown])
        return sum(1 for _ in iter(ranking.best, None))


def _first(written: Written) -> list[str]:
    return [candidate.text for candidate in written[:ASKED]]


def _liked(texts: Sequence[str], seed: int) -> list[str]:
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts)
    dimensions = min(_DIMENSIONS, min(words.shape) - 1)
    places: NDArray[np.float64] = TruncatedSVD(dimensions, random_state=0).fit_transform(words)
    values = places @ np.random.default_rng(seed).standard_normal(dimensions)
    return [
        text for text, value in zip(texts, values, strict=True) if value >= np.quantile(values, 1 - LIKED)
    ]
