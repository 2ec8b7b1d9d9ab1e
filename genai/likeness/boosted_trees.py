"""Sums of small decision trees, read from plain numbers. How they are grown is the business of training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 512
"""Rows whose way through the trees is held in memory together."""


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Complete binary trees of one depth, node by node from the top: [trees, nodes] and [trees, leaves].

    A row goes left where its feature is at most the threshold; a node that does not ask sends all left.
    """

    start: float
    features: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    leaves: NDArray[np.float64]

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """What `values` gave."""
        return cls(
            float(values["start"]),
            np.array(values["features"], dtype=np.int64),
            np.array([[np.inf if one is None else one for one in row] for row in values["thresholds"]]),
            np.array(values["leaves"], dtype=np.float64),
        )

    def values(self) -> dict[str, Any]:
        """The trees as JSON can hold them; a node that does not ask has no threshold."""

        def plain(row: Sequence[float]) -> list[float | None]:
            return [None if np.isinf(one) else float(one) for one in row]

        return {
            "start": self.start,
            "features": self.features.tolist(),
            "thresholds": [plain(row) for row in self.thresholds],
            "leaves": self.leaves.tolist(),
        }

    def scaled(self, slope: float, shift: float) -> Self:
        """The same trees with other log-odds, `slope` times as large and moved by `shift`."""
        return replace(self, start=slope * self.start + shift, leaves=slope * self.leaves)

    def rounded(self, digits: int) -> Self:
        """The same trees in short numbers."""
        start, thresholds, leaves = round(self.start, digits), self.thresholds, self.leaves
        return replace(self, start=start, thresholds=thresholds.round(digits), leaves=leaves.round(digits))

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each row [rows, features] a probability."""
        found: NDArray[np.float64] = 1 / (1 + np.exp(-self.log_odds(rows)))
        return found

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each row [rows, features] the logarithm of the odds."""
        sums = [self._sums(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]
        found: NDArray[np.float64] = self.start + np.concatenate([np.zeros(0), *sums])
        return found

    def _sums(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """All trees at once: few rows cost little more than the deepest tree's layers."""
        trees, nodes = self.thresholds.shape
        tree, row = np.arange(trees), np.arange(len(rows))[:, None]
        at = np.zeros((len(rows), trees), dtype=np.int64)
        for _layer in range((nodes + 1).bit_length() - 1):  # all are in one layer, for the trees are complete
            at = 2 * at + 1 + (rows[row, self.features[tree, at]] > self.thresholds[tree, at])
        total: NDArray[np.float64] = self.leaves[tree, at - nodes].sum(axis=1)
        return total
