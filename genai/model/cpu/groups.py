"""Matrices of small whole numbers in groups of 32 that share a scale and a minimum: 4 or 8 bits a weight."""

from dataclasses import dataclass

import torch
from torch import Tensor

GROUP = 32
"""Weights, one beside the other in a row, that share a scale and a minimum."""
_SHRINKS = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of a group's range that are tried: leaving out an outlier may serve the others better."""


@dataclass(frozen=True, slots=True)
class Groups:
    """weight = number * scale + minimum. numbers [rows, columns] uint8; the others [rows, columns / 32] float32."""

    numbers: Tensor
    scale: Tensor
    minimum: Tensor
    bits: int

    def values(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The weights themselves."""
        rows, columns = self.numbers.shape
        grouped = self.numbers.view(rows, -1, GROUP)
        found = torch.addcmul(self.minimum.unsqueeze(2), grouped, self.scale.unsqueeze(2))
        return found.view(rows, columns).to(dtype)


def quantise(weight: Tensor, bits: int) -> Groups:
    """The closest groups to `weight` [rows, columns], by squared error of each group."""
    rows, columns = weight.shape
    grouped = weight.float().view(rows, -1, GROUP)
    low, high = grouped.aminmax(dim=2, keepdim=True)
    best = _rounded(grouped, low, high, bits)
    if bits == 4:
        error = _error(grouped, *best)
        for shrink in _SHRINKS[1:]:
            cut = (high - low) * (1 - shrink) / 2
            tried = _rounded(grouped, low + cut, high - cut, bits)
            other = _error(grouped, *tried)
            better = other < error
            best = tuple(torch.where(better, new, old) for new, old in zip(tried, best, strict=True))
            error = torch.minimum(error, other)
    numbers, scale, minimum = best
    return Groups(numbers.to(torch.uint8).view(rows, columns), scale.squeeze(2), minimum.squeeze(2), bits)


def _rounded(grouped: Tensor, low: Tensor, high: Tensor, bits: int) -> tuple[Tensor, ...]:
    most = 2**bits - 1
    scale = (high - low) / most
    numbers = ((grouped - low) / scale.clamp(min=1e-30)).round().clamp(0, most)
    return numbers, scale, low


def _error(grouped: Tensor, numbers: Tensor, scale: Tensor, low: Tensor) -> Tensor:
    return (torch.addcmul(low, numbers, scale) - grouped).square().sum(dim=2, keepdim=True)
