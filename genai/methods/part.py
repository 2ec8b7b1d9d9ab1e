"""Parts of what there is to begin from, so that two who ask about the same thing do not begin in the same place."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

PARTS = 10
"""Parts of the deck; ten requests in a row have no method in common."""
_SHARES = 64
"""Shares of a Sobol sequence; the points of more would lie closer together than is followed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the `number`-th request, from 0, about one thing; `seed` is the same for all about that thing."""

    number: int
    seed: int

    @property
    def share(self) -> int:
        """Which share of a Sobol sequence is its own."""
        return self.number % _SHARES

    def of(self, items: Sequence[T]) -> list[T]:
        """A tenth of `items`, which the nine requests before and after have not got; in an order of chance."""
        mixed = Random(self.seed).sample(items, len(items))
        return mixed[self.number % PARTS :: PARTS]
