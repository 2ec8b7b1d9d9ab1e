"""Draws a token for each row from what its filters leave."""

from collections.abc import Sequence

import torch
from torch import Tensor

from genai.sampling.draw import draw
from genai.sampling.filters import in_nucleus, lowest_kept
from genai.sampling.random_streams import Numbers


def choose_tokens(
    weights: Tensor, numbers: Sequence[Numbers], top_k: Tensor, top_p: Tensor, min_p: Tensor
) -> Tensor:
    """A token [rows] by `weights` [rows, vocabulary], probabilities that need not sum to 1.

    The settings [rows] lie on the CPU. What they leave is found by sorting, which takes most of the time. So where a
    number is free, a token of all is drawn first; if it is not among what is left (top-p 0.95 leaves nineteen of
    twenty), one of those is drawn instead. Each is then as likely as if all had been drawn from what is left.
    """
    first = [one.free and k == 0 for one, k in zip(numbers, top_k.tolist(), strict=True)]
    if not any(first):
        return _from_what_is_left(weights, numbers, top_k, top_p, min_p)
    drawn = _draw(weights, [one if free else _Nothing() for one, free in zip(numbers, first, strict=True)])
    good = in_nucleus(weights, drawn, top_p, min_p).tolist()
    again = [row for row, free in enumerate(first) if not (free and good[row])]
    if again:
        settings = (setting[again] for setting in (top_k, top_p, min_p))
        drawn[again] = _from_what_is_left(weights[again], [numbers[row] for row in again], *settings)
    return drawn


class _Nothing:
    """Stands for numbers that must not be used up yet."""

    free = True

    def next(self) -> float:
        return 0.0

    def chosen(self, low: float, width: float) -> None:
        pass


def _from_what_is_left(
    weights: Tensor, numbers: Sequence[Numbers], top_k: Tensor, top_p: Tensor, min_p: Tensor
) -> Tensor:
    lowest = lowest_kept(weights, top_k, top_p, min_p)
    return _draw(weights if lowest is None else weights * (weights >= lowest), numbers)


def _draw(weights: Tensor, numbers: Sequence[Numbers]) -> Tensor:
    u = torch.tensor([one.next() for one in numbers], dtype=torch.float64, device=weights.device)
    drawn = draw(weights, u)
    intervals = torch.stack((drawn.low, drawn.width), dim=1).tolist()
    for one, (low, width) in zip(numbers, intervals, strict=True):
        one.chosen(low, width)
    return drawn.token
