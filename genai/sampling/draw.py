"""Draws tokens by inverting the cumulative distribution at numbers that the caller supplies."""

from typing import NamedTuple

import torch
from torch import Tensor

_BLOCK = 128
"""Tokens that are summed together: near the square root of usual vocabularies, so both sums are short."""


class Draw(NamedTuple):
    """Chosen tokens [rows], and the interval [low, low + width) of [0, 1) that each occupies, float64."""

    token: Tensor
    low: Tensor
    width: Tensor


def draw(probabilities: Tensor, u: Tensor) -> Draw:
    """The token whose interval of the cumulative distribution, in order of token ids, contains `u`.

    probabilities [rows, vocabulary], not negative, need not sum to 1; u [rows] in [0, 1), float64.
    A token of probability 0 is never drawn. Sums go over blocks of tokens first, then within one, in float64.
    """
    return _find(probabilities, u, beyond=True)


def reaching(probabilities: Tensor, share: Tensor) -> Tensor:
    """The first index [rows] at which the cumulative sum of `probabilities` has reached `share` [rows] of all."""
    return _find(probabilities, share, beyond=False).token


def _find(probabilities: Tensor, share: Tensor, *, beyond: bool) -> Draw:
    """The first token whose interval ends at `share` of the whole, or (`beyond`) above it."""
    blocks = _in_blocks(probabilities)
    ends = blocks.sum(dim=2).to(torch.float64).cumsum(dim=1)
    total = ends[:, -1:]
    point = share.to(torch.float64).unsqueeze(1) * total
    block, begin = _place(ends, point, torch.zeros_like(point), beyond)
    inside = blocks.gather(1, block.unsqueeze(2).expand(-1, 1, blocks.shape[2])).squeeze(1)
    ends = begin + inside.to(torch.float64).cumsum(dim=1)
    token, low = _place(ends, point, begin, beyond)
    width = ends.gather(1, token) - low
    return Draw(
        (block * blocks.shape[2] + token).squeeze(1), (low / total).squeeze(1), (width / total).squeeze(1)
    )


def _in_blocks(probabilities: Tensor) -> Tensor:
    """[rows, blocks, tokens of a block]; zeros fill the last block up."""
    missing = -probabilities.shape[1] % _BLOCK
    padded = torch.nn.functional.pad(probabilities, (0, missing)) if missing else probabilities
    return padded.view(padded.shape[0], -1, _BLOCK)


def _place(ends: Tensor, point: Tensor, begin: Tensor, beyond: bool) -> tuple[Tensor, Tensor]:
    """The first index whose end lies at `point`, or (`beyond`) above it; and where it begins; both [rows, 1]."""
    place = torch.searchsorted(ends, point, right=beyond)
    # Rounding may carry a point up to the last end; the last interval with any width is the one that ends there.
    last = torch.searchsorted(ends, ends[:, -1:].contiguous())
    place = torch.minimum(place, last)
    return place, torch.where(place > 0, ends.gather(1, (place - 1).clamp(min=0)), begin)


def log_probability(logits: Tensor, token: Tensor) -> Tensor:
    """Natural log-probability [rows] of `token` [rows] under softmax of `logits` [rows, vocabulary]."""
    return logits.log_softmax(dim=1).gather(1, token.unsqueeze(1)).squeeze(1)
