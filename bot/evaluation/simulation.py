"""Simulated brainstorms: written ideas, Riff's turns as in earnest, and a person who likes some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.core.domain import Brief, Idea, Task
from bot.core.ideas import comparable
from genai.answers.lists import ideas_in
from genai.likeness.measure import likeness
from genai.prompts import build_turns
from genai.request import GenerationRequest, Generator, Sampling, SamplingMode
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.settings import RerankingSettings
from genai.taste import Opinion, Taste
from genai.text import cluster

ASKED = 5
"""Ideas that Riff shows at a time."""
STANDING = 10
"""Ideas of people that stand on the board before Riff says anything."""
MODES: tuple[SamplingMode, ...] = ("sobol", "independent")
_DEADLINE_SECONDS = 3600.0
_TOKENS = 64
_SEEDS_APART = 1_000

Written = tuple[Candidate[str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that is written for one brainstorm: what people begin with, and by mode the candidates of each turn."""

    topic: str
    seed: int
    board: Written
    turns: Mapping[SamplingMode, tuple[Written, ...]]

    @property
    def is_enough(self) -> bool:
        """Whether there is something on the board, and in each mode something to show."""
        shown = (sum(map(len, turns)) for turns in self.turns.values())
        return bool(self.board) and min(shown) >= ASKED

    def texts(self) -> tuple[str, ...]:
        """Every idea once, in the order of writing."""
        lists = [self.board, *(turn for turns in self.turns.values() for turn in turns)]
        return tuple(dict.fromkeys(candidate.text for written in lists for candidate in written))


class Scribe:
    """Asks the model, one list after the other, for what is computed side by side may round differently."""

    def __init__(self, generator: Generator, sampling: Sampling, each: int) -> None:
        self._generator = generator
        self._sampling = replace(sampling, max_new_tokens=_TOKENS, stop=("\n2.",))
        self._each = each

    async def material(self, topic: str, seed: int, turns: int) -> Material:
        """What `turns` turns of Riff's are made from, `each` candidates a turn and a mode."""
        first = seed * _SEEDS_APART
        board = await self._written(topic, "independent", first, STANDING)
        by_mode: dict[SamplingMode, tuple[Written, ...]] = {}
        for mode in MODES:
            by_mode[mode] = tuple(
                [await self._written(topic, mode, first + turn, self._each) for turn in range(1, turns + 1)]
            )
        return Material(topic, seed, board, by_mode)

    async def _written(self, topic: str, mode: SamplingMode, seed: int, count: int) -> Written:
        brief = build_turns(
            Brief(Task.BRAINSTORM, topic, count=ASKED), style=self._generator.info.prompt_style
        )
        sampling = replace(self._sampling, mode=mode, seed=seed)
        request = GenerationRequest(brief, sampling, count, deadline_seconds=_DEADLINE_SECONDS)
        return tuple(
            Candidate(
                idea.title, comparable(Idea(1, idea.title, idea.body), topic), answer.mean_log_probability
            )
            for answer in await self._generator.complete(request)
            for idea in ideas_in(answer.text)[:1]
        )


# Simulated brainstorms: Riff takes its turns as in earnest, a simulated person likes some of what it shows.
#
# The person likes the `LIKED` share of all ideas that lies furthest in a hidden direction of a latent semantic space
# (Deerwester et al. 1990), which the learner does not know, as in `genai.evaluation.simulated_users`.


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

    def __init__(self, material: Material, settings: RerankingSettings) -> None:
        self._material = material
        self._settings = settings
        self._likeness = likeness(settings.similarity_model)
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
        seen = board[-self._settings.novelty_window :] if self._settings.novelty_window else []
        sample = taste.sample(self._material.seed * 100 + number) if taste else None
        ranking = Ranking[str](self._likeness, self._settings, seen=seen, taste=sample)
        ranking.add([Candidate(one.text, one.text, one.mean_log_probability) for one in written])
        return [found[0] for _ in range(ASKED) if (found := ranking.best())]

    def _novelties(self, texts: Sequence[str], board: Sequence[str]) -> list[float]:
        if not texts:
            return []
        return [float(1 - value) for value in self._likeness.pairwise(texts, board).max(axis=1)]

    def _distinct(self, shown: Sequence[str]) -> int:
        """How many are near-duplicates of none shown before them."""
        ranking = Ranking[str](self._likeness, self._settings)
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
