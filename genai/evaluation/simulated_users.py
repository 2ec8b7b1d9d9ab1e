"""Simulated people with hidden tastes: what learning from their feedback gains, and what it costs in diversity.

Each person likes the `LIKED` share of ideas with the largest product of a hidden vector and the idea's place in a
latent semantic space (Deerwester et al. 1990) that the learner does not know. They are shown ideas as in earnest:
candidates are ranked by `genai.reranking.ranking`, and what they say of the shown ones trains their taste.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from genai.likeness.measure import Likeness, Thresholds, likeness
from genai.likeness.pair_features import Matrix
from genai.reranking.ranking import Candidate, Ranking
from genai.reranking.settings import RerankingSettings
from genai.taste import EXPLORATION, Opinion, Taste

LIKED = 0.3
"""Share of all ideas that a simulated person likes: what chance gives."""
_DIMENSIONS = 12
_JUDGED = 3
"""Ideas at the top of each list that the person looks at."""
_ASKED = 5
_OFFERED = 2.0
"""Candidates for each idea asked for: without a choice there is nothing that taste could do."""
_LISTS = 12
"""Lists of each person on which the result is measured."""


@dataclass(frozen=True, slots=True)
class TasteEffect:
    """Shares from 0 to 1, means over the people, after the feedback and without it, of the same candidates.

    `taste_lift` is how much more of the judged ideas is liked, relative to chance; `taste_distinct_change` how
    much the share of judged ideas that say something new in the whole session changed, relative to before.
    """

    people: int
    feedback: int
    liked_by_chance: float
    liked: float
    distinct_by_chance: float
    distinct: float

    @property
    def taste_lift(self) -> float:
        """1 is twice as much as by chance."""
        return self.liked / self.liked_by_chance - 1

    @property
    def taste_distinct_change(self) -> float:
        """-0.05 is a twentieth less than without taste."""
        return self.distinct / self.distinct_by_chance - 1


def simulate(
    pool: Sequence[str],
    *,
    seed: int = 1,
    people: int = 10,
    feedback: int = 30,
    settings: RerankingSettings = RerankingSettings(),  # noqa: B008 - immutable
    exploration: float = EXPLORATION,
) -> TasteEffect:
    """People who say of `feedback` ideas whether they like them; then lists are ranked with and without that.

    `pool` are the ideas, some hundred different ones, that candidates are drawn from. The same `seed` gives the same
    effect. Blocking: about 0.2 s a person.
    """
    known = _Remembered(likeness(settings.similarity_model), pool)
    world = _World(pool, _latent(pool), settings, known, exploration)
    results = [_person(world, feedback, seed * 10_007 + n) for n in range(people)]
    chance, liked, before, after = (mean(values) for values in zip(*results, strict=True))
    return TasteEffect(people, feedback, chance, liked, before, after)


def _latent(pool: Sequence[str]) -> NDArray[np.float64]:
    """Each idea's place in a latent semantic space, a unit vector; [ideas, dimensions]."""
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(pool)
    found: NDArray[np.float64] = normalize(TruncatedSVD(_DIMENSIONS, random_state=0).fit_transform(words))
    return found


@dataclass(frozen=True, slots=True)
class _World:
    """What there is to say, and where it lies; `likeness` knows all of it already."""

    pool: Sequence[str]
    places: NDArray[np.float64]
    settings: RerankingSettings
    likeness: Likeness
    exploration: float

    def texts(self, ideas: Sequence[int]) -> list[str]:
        """What the ideas say."""
        return [self.pool[idea] for idea in ideas]


class _Remembered:
    """A likeness for the texts of the pool, each two compared once."""

    def __init__(self, likeness: Likeness, pool: Sequence[str]) -> None:
        self.thresholds: Thresholds = likeness.thresholds
        self._alike = likeness.pairwise(pool, pool)
        self._places = {text: place for place, text in enumerate(pool)}

    def pairwise(self, texts: Sequence[str], others: Sequence[str]) -> Matrix:
        """As remembered."""
        rows, columns = ([self._places[text] for text in of] for of in (texts, others))
        found: Matrix = self._alike[np.ix_(rows, columns)]
        return found


def _person(world: _World, feedback: int, seed: int) -> tuple[float, float, float, float]:
    """Liked and distinct shares of one person: liked without and with taste, then distinct so."""
    random = np.random.default_rng(seed)
    values = world.places @ random.standard_normal(world.places.shape[1])
    likes = values >= np.quantile(values, 1 - LIKED)
    opinions: list[Opinion] = []
    seen: list[int] = []
    while len(opinions) < feedback:
        shown = _top(world, _offer(world, random), seen, Taste(opinions), random)[: feedback - len(opinions)]
        opinions += [Opinion(world.pool[idea], 1.0 if likes[idea] else -1.0) for idea in shown]
        seen += shown
    taste = Taste(opinions)
    plain: list[int] = []
    ranked: list[int] = []
    for _ in range(_LISTS):
        offered = _offer(world, random)
        plain += _top(world, offered, [*seen, *plain], None, random)
        ranked += _top(world, offered, [*seen, *ranked], taste, random)
    return (
        float(likes[plain].mean()),
        float(likes[ranked].mean()),
        _distinct(world, plain),
        _distinct(world, ranked),
    )


def _offer(world: _World, random: np.random.Generator) -> list[int]:
    """The candidates of one list."""
    size = round(_ASKED * max(_OFFERED, world.settings.candidates))
    return [int(n) for n in random.choice(len(world.pool), size=size, replace=False)]


def _top(
    world: _World,
    offered: Sequence[int],
    seen: Sequence[int],
    taste: Taste | None,
    random: np.random.Generator,
) -> list[int]:
    """The ideas at the top of the list that is made of the candidates."""
    sample = taste.sample(int(random.integers(2**31)), world.exploration) if taste else None
    before = world.texts(seen[-world.settings.novelty_window :])
    ranking = Ranking[int](world.likeness, world.settings, seen=before, taste=sample)
    ranking.add([Candidate(idea, world.pool[idea], _log_probability(idea)) for idea in offered])
    return [found[0] for _ in range(_JUDGED) if (found := ranking.best())]


def _log_probability(idea: int) -> float:
    """In nats a token, spread about as a small model's; fixed for each idea."""
    return -0.2 - 0.3 * Random(idea).random()


def _distinct(world: _World, shown: Sequence[int]) -> float:
    """The share of the shown ideas that are near-duplicates of none shown before them."""
    ranking = Ranking[int](world.likeness, world.settings)
    ranking.add([Candidate(idea, world.pool[idea]) for idea in shown])
    distinct = 0
    while ranking.best():
        distinct += 1
    return distinct / len(shown)
