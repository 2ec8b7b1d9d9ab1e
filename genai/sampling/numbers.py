"""Where a text's uniform numbers come from: a seeded generator, or a code point that it follows to the end.

Arithmetic sampling (Vilnis et al., ICML 2023, arXiv:2210.15458) gives each candidate one point of [0, 1)
and decodes it as an arithmetic coder would: a token is the interval that the point falls into, and the
interval is stretched to [0, 1) again for the next token. Points spread evenly over [0, 1) give texts spread
evenly over the model's distribution, while each candidate alone is still an exact sample of it.

A float64 point in [0, 1) knows 53 binary digits, and a token of probability p uses up log2(1/p) of them.
After the stretch by 1/p the point stands on a grid of 2^-53 / p; the digits below that grid were never drawn,
so they are drawn now, uniformly, by the candidate's own generator. The point is uniform again at full
precision, and the first 53 bits' worth of tokens are decided by the point alone.
"""

from typing import Protocol

import numpy as np
from scipy.stats import qmc

from genai.generator import SamplingMode

_GRID = 2.0**-53
_BELOW_ONE = 1.0 - _GRID


class Numbers(Protocol):
    """Supplies one candidate's uniform number for each token."""

    def next(self) -> float:
        """The number in [0, 1) that decides the next token."""

    def chosen(self, low: float, width: float) -> None:
        """Told which interval of [0, 1) the number fell into."""


class IndependentNumbers:
    """A fresh number for every token, from the candidate's own generator."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def next(self) -> float:
        """The number in [0, 1) that decides the next token."""
        return self._generator.random()

    def chosen(self, low: float, width: float) -> None:
        """Nothing to remember: each number stands alone."""


class CodePoint:
    """Follows one point of [0, 1) through the intervals of the chosen tokens."""

    def __init__(self, point: float, generator: np.random.Generator) -> None:
        self._point = point
        self._generator = generator

    def next(self) -> float:
        """The point within the interval that is left."""
        return self._point

    def chosen(self, low: float, width: float) -> None:
        """Stretch the chosen interval to [0, 1)."""
        self._point = stretch(self._point, low, width, self._generator.random())


def stretch(point: float, low: float, width: float, fresh: float) -> float:
    """`point` of [low, low + width) mapped onto [0, 1), its undrawn digits filled in from `fresh`."""
    stretched = (point - low) / width + fresh * _GRID / width
    return min(max(stretched, 0.0), _BELOW_ONE)


def numbers_for(mode: SamplingMode, seed: int | None, candidates: int) -> list[Numbers]:
    """Each candidate's numbers. The same seed gives the same numbers, however many candidates follow it."""
    children = np.random.SeedSequence(seed).spawn(candidates + 1)
    shared, *generators = (np.random.default_rng(child) for child in children)
    if mode == "independent":
        return [IndependentNumbers(generator) for generator in generators]
    sobol = qmc.Sobol(d=1, scramble=True, bits=53, rng=shared)
    points = sobol.random_base2((candidates - 1).bit_length())[:candidates, 0]
    return [
        CodePoint(min(float(point), _BELOW_ONE), generator)
        for point, generator in zip(points, generators, strict=True)
    ]
