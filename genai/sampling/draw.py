"""Draws tokens by inverting the cumulative distribution at numbers that the caller supplies."""

from typing import NamedTuple

import torch
from torch import Tensor


class Draw(NamedTuple):
    """Chosen tokens [rows], and the interval [low, low + width) of [0, 1) that each occupies, float64."""

    token: Tensor
    low: Tensor
    width: Tensor


def draw(probabilities: Tensor, u: Tensor) -> Draw:
    """The token whose interval of the cumulative distribution, in order of token ids, contains `u`.

    probabilities [rows, vocabulary], not negative, need not sum to 1; u [rows] in [0, 1), float64.
    A token of probability 0 is never drawn.
    """
    cumulative = probabilities.cumsum(dim=1, dtype=torch.float64)
    total = cumulative[:, -1:]
    point = u.to(torch.float64).unsqueeze(1) * total
    token = torch.searchsorted(cumulative, point, right=True)
    # Rounding may carry a point next to 1 up to the total; the last token with any probability ends there.
    last = torch.searchsorted(cumulative, total.contiguous())
    token = torch.minimum(token, last)
    high = cumulative.gather(1, token)
    low = torch.where(token > 0, cumulative.gather(1, (token - 1).clamp(min=0)), 0.0)
    return Draw(token.squeeze(1), (low / total).squeeze(1), ((high - low) / total).squeeze(1))


def log_probability(logits: Tensor, token: Tensor) -> Tensor:
    """Natural log-probability [rows] of `token` [rows] under softmax of `logits` [rows, vocabulary]."""
    return logits.gather(1, token.unsqueeze(1)).squeeze(1) - logits.logsumexp(dim=1)
