"""Chooses several at once: those that say the most different things together, whichever of them comes first.

The worth of a set is the sum over its members of

    weight / (1 + how many of the other members say the same) + what it is worth by itself;

where likenesses are probabilities, the first part is about how many different things the set says, each counted by
its weight. It is filled greedily, then members are exchanged for others as long as that makes it worth more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genai.likeness.pair_features import Matrix

_SHARPER = 1.5
"""How much larger log-odds of saying the same count: many doubts together would outweigh what is nearly sure."""
_ROUNDS = 10
_GAIN = 1e-9
"""Least gain that an exchange is made for."""

_Row = NDArray[np.float64]


def most_together(alike: Matrix, weights: _Row, alone: _Row, count: int) -> list[int]:
    """Places of `count` of as many as `alike` has rows, or of all."""
    same = _sharper(alike)
    chosen: list[int] = []
    while len(chosen) < min(count, len(same)):
        chosen.append(int(_worths(chosen, same, weights, alone).argmax()))
    for _ in range(_ROUNDS):
        before = list(chosen)
        for at in range(len(chosen)):
            rest = [*chosen[:at], *chosen[at + 1 :]]
            worths = _worths(rest, same, weights, alone)
            if worths.max() > worths[chosen[at]] + _GAIN:
                chosen[at] = int(worths.argmax())
        if chosen == before:
            break
    return chosen


def _sharper(alike: Matrix) -> Matrix:
    same, other = alike**_SHARPER, (1 - alike) ** _SHARPER
    found: Matrix = same / (same + other)
    np.fill_diagonal(found, 0.0)
    return found


def _worths(chosen: Sequence[int], same: Matrix, weights: _Row, alone: _Row) -> _Row:
    """What `chosen` and each other one are worth together; of those in it -inf."""
    beside = same[chosen]  # [chosen, all]
    crowds = beside[:, chosen].sum(axis=1, keepdims=True)
    worths: _Row = (weights[chosen, None] / (1 + crowds + beside)).sum(axis=0) + alone[chosen].sum()
    worths += weights / (1 + beside.sum(axis=0)) + alone
    worths[chosen] = -np.inf
    return worths
