"""Where a text's uniform numbers come from: a seeded generator, or a code point that it follows at first.

Arithmetic sampling (Vilnis et al., ICML 2023, arXiv:2210.15458) gives each candidate one point of [0, 1)
and decodes it as an arithmetic coder would: a token is the interval that the point falls into, and the
interval is stretched to [0, 1) again for the next token. Points spread evenly over [0, 1) give texts spread
evenly over the model's distribution, while each candidate alone is still an exact sample of it.

Stretching by 1/p multiplies every error by 1/p: after a dozen tokens a float64 point has no true digit left,
and the rounding of float32 logits, which differs with the size of the batch, would decide the text sooner
still. But n points are apart once their intervals are much narrower than 1/n. From there on the point's
remaining digits are drawn afresh, by the candidate's own generator, for every token. When that happens depends
on the tokens so far and not on the point, which given those tokens is uniform in its interval: so this changes
nothing about the distribution of a candidate. It changes next to nothing about how evenly the candidates are
spread either: digits finer than 1/n are random in a scrambled sequence too. The tests compare it with points that
are followed exactly. Points further apart than `narrowest` never share an interval in which they were left, so
texts that are less likely than that differ.
"""

from typing import Protocol

import numpy as np

from genai.request import SamplingMode

_BELOW_ONE = 1.0 - 2.0**-53
_POINTS_APART = 8
"""A point is followed until its interval is this many times narrower than the distance between points."""


class RandomStream(Protocol):
    """Supplies one candidate's uniform number for each token."""

    @property
    def free(self) -> bool:
        """Whether the next number is fresh and independent; then another may be drawn in its place as well."""

    def next(self) -> float:
        """The number in [0, 1) that decides the next token."""

    def chosen(self, low: float, width: float) -> None:
        """Told which interval of [0, 1) the number fell into."""


class IndependentNumbers:
    """A fresh number for every token, from the candidate's own generator."""

    free = True

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def next(self) -> float:
        """The number in [0, 1) that decides the next token."""
        return self._generator.random()

    def chosen(self, low: float, width: float) -> None:
        """Nothing to remember: each number stands alone."""


class CodePoint:
    """Follows one point of [0, 1) through the intervals of the chosen tokens, down to width `narrowest`."""

    def __init__(self, point: float, narrowest: float, generator: np.random.Generator) -> None:
        self._point = point
        self._narrowest = narrowest
        self._generator = generator
        self._width = 1.0

    @property
    def free(self) -> bool:
        """Whether the point has been left."""
        return self._width <= self._narrowest

    def next(self) -> float:
        """The point's place within its interval; once that is narrow, a random one."""
        return self._generator.random() if self.free else self._point

    def chosen(self, low: float, width: float) -> None:
        """Stretch the chosen interval to [0, 1), as long as the point is followed."""
        self._width *= width
        if not self.free:
            self._point = min(max((self._point - low) / width, 0.0), _BELOW_ONE)


def random_streams_for(
    mode: SamplingMode, seed: int | None, candidates: int, share: int = 0
) -> list[RandomStream]:
    """Each candidate's numbers; the same arguments give the same numbers, unless `seed` is None.

    They are the last of `share` + 1 times as many: requests with one seed and different shares have no point in common.
    """
    before, together = share * candidates, (share + 1) * candidates
    first, *children = np.random.SeedSequence(seed).spawn(together + 1)
    shared, generators = np.random.default_rng(first), list(map(np.random.default_rng, children[before:]))
    if mode == "independent" or candidates == 1:  # one point alone is one random number after another
        return [IndependentNumbers(generator) for generator in generators]
    from scipy.stats import qmc  # a second to import, and only this needs it

    points = qmc.Sobol(d=1, scramble=True, bits=53, rng=shared)
    power = (together - 1).bit_length()
    narrowest = 1 / (_POINTS_APART * together)
    return [
        CodePoint(min(float(point), _BELOW_ONE), narrowest, generator)
        for point, generator in zip(points.random_base2(power)[before:, 0], generators, strict=False)
    ]
