"""A Bayesian linear model of one person's taste in ideas, with Thompson sampling.

The value of an idea with features x is w·x, with w ~ N(0, σ² I) before any feedback and feedback y = w·x + ε,
ε ~ N(0, noise²). In its dual form this is a Gaussian process with a linear kernel (Rasmussen and Williams,
"Gaussian Processes for Machine Learning", 2006, section 2.1), so it costs no more than there is feedback.
A draw from the posterior instead of its mean ranks ideas that little is known of now and then at the top:
Thompson sampling (Thompson 1933; Russo et al. 2018, arXiv:1707.02038).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import DotProduct

from genai.taste.features import features

OWN_NOISE = 0.4
OTHERS_NOISE = 1.5
"""What others of the channel like counts little against what the person said, and much where nobody knows."""
MOST_OPINIONS = 300
_SPEAKS = 0.15
"""Least likeness to a liked idea that is worth telling a person of."""
_LENIENCE = 0.1
"""Prior deviation of how much a person likes ideas in general, beside what they are about."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought of an idea: `value` from -1 (dislikes) to 1 (likes); `own` if the person did."""

    text: str
    value: float
    own: bool = True


_NO_OPINION = Opinion("", 0.0, own=False)
"""Says nothing about any text, and spares the regressor a special case."""


class Taste:
    """Fitted to opinions, oldest first; only the last `MOST_OPINIONS` count."""

    def __init__(self, opinions: Sequence[Opinion]) -> None:
        self._opinions = tuple(opinions[-MOST_OPINIONS:])
        known = self._opinions or (_NO_OPINION,)
        self._features = features([opinion.text for opinion in known])
        noise = np.array([OWN_NOISE if opinion.own else OTHERS_NOISE for opinion in known])
        self._process = GaussianProcessRegressor(DotProduct(_LENIENCE), alpha=noise**2, optimizer=None)
        self._process.fit(self._features, [opinion.value for opinion in known])

    def __bool__(self) -> bool:
        return bool(self._opinions)

    def expected(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The posterior mean of each text's value, [texts]; 0 where nothing is known."""
        if not texts:
            return np.zeros(0)
        mean: NDArray[np.float64] = self._process.predict(features(texts))
        return mean

    def draw(self, texts: Sequence[str], seed: int | None = None) -> NDArray[np.float64]:
        """One joint draw of the texts' values from the posterior, [texts]."""
        if not texts:
            return np.zeros(0)
        drawn: NDArray[np.float64] = self._process.sample_y(features(texts), random_state=seed).reshape(-1)
        return drawn

    def because(self, text: str) -> str | None:
        """The person's own liked idea that speaks most for `text`; None where none does."""
        if not self._opinions:
            return None
        likeness = self._features @ features([text])[0]
        speaks = likeness * np.array([opinion.value * opinion.own for opinion in self._opinions])
        best = int(speaks.argmax())
        return self._opinions[best].text if speaks[best] > _SPEAKS else None
