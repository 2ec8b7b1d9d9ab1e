"""What a person is likely to like, learned from what they liked before. Knows nothing of storage or channels."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.pipeline import FeatureUnion

# A Bayesian linear model of one person's taste in ideas, with Thompson sampling.
#
# The value of an idea with features x is w·x, with w ~ N(0, I) before any feedback and feedback y = w·x + ε,
# ε ~ N(0, noise²). In its dual form this is a Gaussian process with a linear kernel (Rasmussen and Williams,
# "Gaussian Processes for Machine Learning", 2006, section 2.1), so it costs no more than there is feedback. A
# draw from the posterior instead of its mean ranks ideas that little is known of now and then at the top:
# Thompson sampling (Thompson 1933; Russo et al. 2018, arXiv:1707.02038), here with a posterior that is
# narrowed by `exploration`, as in Agrawal and Goyal (ICML 2013, arXiv:1209.3352), who scale it by v.


_WORDS = 2**11
_PIECES = 2**10
_PIECES_SHARE = 0.5
"""Pieces of words join related forms, and serve languages without spaces; whole words say more."""


@cache
def _vectorizer() -> "FeatureUnion":
    """Hashing needs no fitting, so an idea has the same features on every day and every machine.

    scikit-learn, half a second and much memory, is imported here and below once somebody has a taste.
    """
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import make_union

    words = HashingVectorizer(n_features=_WORDS, stop_words="english")
    pieces = HashingVectorizer(n_features=_PIECES, analyzer="char_wb", ngram_range=(3, 4))
    union = make_union(words, pieces)
    return union.set_params(transformer_weights={union.transformer_list[1][0]: _PIECES_SHARE})


def features(texts: Sequence[str]) -> NDArray[np.float64]:
    """One row per text, [texts, features]; a row's length is about 1, or 0 for a text without words."""
    dense: NDArray[np.float64] = _vectorizer().transform(texts).toarray()
    return dense


# A Bayesian linear model of one person's taste in ideas, with Thompson sampling.
#
# The value of an idea with features x is w·x, with w ~ N(0, I) before any feedback and feedback y = w·x + ε,
# ε ~ N(0, noise²). In its dual form this is a Gaussian process with a linear kernel (Rasmussen and Williams,
# "Gaussian Processes for Machine Learning", 2006, section 2.1), so it costs no more than there is feedback.
# A draw from the posterior instead of its mean ranks ideas that little is known of now and then at the top:
# Thompson sampling (Thompson 1933; Russo et al. 2018, arXiv:1707.02038), here with a posterior that is narrowed by
# `exploration`, as in Agrawal and Goyal (ICML 2013, arXiv:1209.3352), who scale it by v.


OWN_NOISE = 0.4
OTHERS_NOISE = 1.5
"""What others of the channel like counts little against what the person said, and much where nobody knows."""
MOST_OPINIONS = 200
EXPLORATION = 0.05
"""Measured by `genai.evaluation.simulated_users`: with more, ideas are ranked at random for hundreds of opinions."""
_SPEAKS = 0.25
"""Least likeness to a liked idea that is worth telling a person of."""
_LENIENCE = 0.1
"""Prior deviation of how much a person likes ideas in general, beside what they are about."""


class Ground(StrEnum):
    """What an opinion comes from, where a person may be told of it."""

    LIKED = "liked"
    INTEREST = "interest"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought of an idea: `value` from -1 (dislikes) to 1 (likes); `own` if the person did.

    `name` is what the person may be told of it, "" where it must not be named.
    """

    text: str
    value: float
    own: bool = True
    name: str = ""
    ground: Ground = Ground.LIKED


@dataclass(frozen=True, slots=True)
class Because:
    """Why an idea should please: it is like what `name` says, which the person liked, or is interested in."""

    ground: Ground
    name: str


_NO_OPINION = Opinion("", 0.0, own=False)
"""Says nothing about any text, and spares the regressor a special case."""


class Taste:
    """Fitted to opinions, oldest first; only the last `MOST_OPINIONS` count. Blocking: milliseconds of algebra."""

    def __init__(self, opinions: Sequence[Opinion]) -> None:
        self._opinions = tuple(opinions[-MOST_OPINIONS:])
        known = self._opinions or (_NO_OPINION,)
        self._texts = [opinion.text for opinion in known]
        self._values = np.array([opinion.value for opinion in known])
        self._noise = np.array([OWN_NOISE if opinion.own else OTHERS_NOISE for opinion in known])

    def __bool__(self) -> bool:
        return bool(self._opinions)

    @cached_property
    def _features(self) -> NDArray[np.float64]:
        return features(self._texts)

    @cached_property
    def _process(self) -> "GaussianProcessRegressor":
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import DotProduct

        process = GaussianProcessRegressor(
            DotProduct(_LENIENCE), alpha=self._noise**2, optimizer=None, copy_X_train=False
        )
        return process.fit(self._features, self._values)

    def expected(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The posterior mean of each text's value, [texts]; 0 where nothing is known."""
        if not texts:
            return np.zeros(0)
        mean: NDArray[np.float64] = self._process.predict(features(texts))
        return mean

    def sample(self, seed: int | None = None, exploration: float = EXPLORATION) -> "Sample":
        """One draw from the posterior, narrowed to `exploration` of its deviation (1 is the posterior itself).

        By Matheron's rule (Wilson et al., ICML 2020, arXiv:2002.09309): a draw from the prior, corrected by the
        mean that explains what it leaves of the feedback. The same draw judges any number of texts.
        """
        from scipy.linalg import cho_solve

        random = np.random.default_rng(seed)
        prior = exploration * random.standard_normal(self._features.shape[1])
        prior_bias = exploration * _LENIENCE * random.standard_normal()
        noise = exploration * self._noise * random.standard_normal(len(self._values))
        left = self._values - self._features @ prior - prior_bias - noise
        dual = cho_solve((self._process.L_, True), left)
        return Sample(prior + self._features.T @ dual, float(prior_bias + _LENIENCE**2 * dual.sum()), self)

    def because(self, text: str) -> Because | None:
        """The opinion that speaks most for `text`, among those that may be named; None where none does."""
        if not self._opinions:
            return None
        likeness = self._features @ features([text])[0]
        speaks = likeness * np.array([opinion.value * bool(opinion.name) for opinion in self._opinions])
        best = int(speaks.argmax())
        opinion = self._opinions[best]
        return Because(opinion.ground, opinion.name) if speaks[best] > _SPEAKS else None


@dataclass(frozen=True, slots=True)
class Sample:
    """A linear taste that the feedback leaves possible; weights [features]."""

    weights: NDArray[np.float64]
    bias: float
    taste: Taste

    def values(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Each text's value, [texts]."""
        if not texts:
            return np.zeros(0)
        drawn: NDArray[np.float64] = features(texts) @ self.weights + self.bias
        return drawn


# A taste in words: what the liked ideas are about, and what the disliked ones.


_WORD = r"(?u)\b[^\W\d_]{3,}\b"


def in_words(opinions: Sequence[Opinion], most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that speak for an idea, and words that speak against it, the strongest first, at most `most` each."""
    if not opinions:
        return (), ()
    from sklearn.feature_extraction.text import CountVectorizer

    analyze = CountVectorizer(stop_words="english", token_pattern=_WORD).build_analyzer()
    weights: defaultdict[str, float] = defaultdict(float)
    for opinion in opinions:
        for word in dict.fromkeys(analyze(opinion.text)):
            weights[word] += opinion.value
    ordered = sorted(weights, key=lambda word: (-abs(weights[word]), word))
    liked = tuple(word for word in ordered if weights[word] > 0)[:most]
    return liked, tuple(word for word in ordered if weights[word] < 0)[:most]


# People whose taste is like somebody's: nearest neighbours by what they liked and disliked, in idea features.


LEAST = 0.1
"""Least cosine between two people's tastes that counts as similar."""


def similar(own: Sequence[Opinion], others: Mapping[int, Sequence[Opinion]], most: int) -> list[int]:
    """The people of `others` with the most similar tastes, the nearest first, at most `most`. Blocking.

    Each taste is the sum of the features of what was said something of, times its value: so people are alike who
    liked alike ideas, also when they never saw the same one.
    """
    people = [person for person, opinions in others.items() if opinions]
    if not own or not people or not np.any(_taste(own)):
        return []
    from sklearn.neighbors import NearestNeighbors

    tastes = np.stack([_taste(others[person]) for person in people])
    index = NearestNeighbors(n_neighbors=min(most, len(people)), metric="cosine").fit(tastes)
    distances, places = index.kneighbors(_taste(own)[None])
    return [
        people[place]
        for distance, place in zip(distances[0], places[0], strict=True)
        if 1 - distance >= LEAST
    ]


def _taste(opinions: Sequence[Opinion]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.array([opinion.value for opinion in opinions])
    taste: np.ndarray[tuple[int], np.dtype[np.float64]] = values @ features(
        [opinion.text for opinion in opinions]
    )
    return taste
