"""From logits to a token: penalties, filters (top-k, top-p, min-p), and a draw. One row per text.

A filter gives the lowest weight that a row keeps instead of a sorted copy of the vocabulary: the tokens keep
their places, equal weights share one fate, and what a row keeps does not depend on the rows beside it.

Tokens are drawn by inverting the cumulative distribution at numbers that the caller supplies.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from genai.sampling.random_streams import RandomStream

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


# Filters on logits, one row per text, each row with its own parameters.
#
# A filter gives the lowest weight that a row keeps instead of a sorted copy of the vocabulary: the tokens keep
# their places, equal weights share one fate, and what a row keeps does not depend on the rows beside it.


def penalise_repetition(logits: Tensor, seen: Tensor, penalty: Tensor) -> Tensor:
    """Divide positive and multiply negative logits of `seen` tokens by `penalty` (CTRL, arXiv:1909.05858).

    logits [rows, vocabulary]; seen [rows, n] token ids, where a row with fewer repeats one of its own;
    penalty [rows, 1].
    """
    scores = logits.gather(1, seen)
    return logits.scatter(1, seen, torch.where(scores < 0, scores * penalty, scores / penalty))


def keep_likely(logits: Tensor, top_k: Tensor, top_p: Tensor, min_p: Tensor) -> Tensor:
    """Set to -inf what top-k, then nucleus (arXiv:1904.09751), then min-p (arXiv:2407.01082) leave out.

    logits [rows, vocabulary] after temperature; top_k (0 = off), top_p (1 = off), min_p (0 = off) [rows].
    """
    weights = logits.softmax(dim=1)
    lowest = lowest_kept(weights, top_k, top_p, min_p)
    return logits if lowest is None else logits.masked_fill(weights < lowest, -torch.inf)


def lowest_kept(weights: Tensor, top_k: Tensor, top_p: Tensor, min_p: Tensor) -> Tensor | None:
    """The lowest weight [rows, 1] that `keep_likely` keeps of each row; None when no filter is on.

    weights [rows, vocabulary] are probabilities, which need not sum to 1. The settings are small tensors on the
    CPU, whatever device the weights are on.
    """
    cut, nuclear, relative = bool((top_k > 0).any()), bool((top_p < 1).any()), bool((min_p > 0).any())
    if not (cut or nuclear or relative):
        return None
    lowest = weights.new_zeros(len(weights), 1)
    ranked = _ranked(weights) if cut or nuclear else weights
    if cut:
        lowest = _kth_largest(ranked, top_k.to(weights.device))
        ranked = ranked * (ranked >= lowest)
    if nuclear:
        lowest = _nucleus_lowest(ranked, lowest, top_p.to(weights))
    if relative:
        least = min_p.to(weights).unsqueeze(1) * weights.amax(dim=1, keepdim=True)
        lowest = torch.maximum(lowest, least)
    return lowest


def in_nucleus(weights: Tensor, tokens: Tensor, top_p: Tensor, min_p: Tensor) -> Tensor:
    """Whether top-p and min-p keep `tokens` [rows], found without sorting; weights and settings as `lowest_kept`'s."""
    own = weights.gather(1, tokens.unsqueeze(1))
    kept = torch.ones_like(tokens, dtype=torch.bool)
    if bool((top_p < 1).any()):
        likelier = (weights * (weights > own)).sum(dim=1)
        share = top_p.to(weights)
        kept &= (share >= 1) | (likelier < share * weights.sum(dim=1))
    if bool((min_p > 0).any()):
        kept &= own.squeeze(1) >= min_p.to(weights) * weights.amax(dim=1)
    return kept


def _ranked(weights: Tensor) -> Tensor:
    """The weights of each row, largest first. NumPy's sort uses vector instructions; PyTorch's is 30 x slower."""
    if weights.device.type != "cpu" or weights.dtype != torch.float32:
        return weights.sort(dim=1, descending=True).values
    return torch.from_numpy(np.sort(weights.numpy(force=True), axis=1)).flip(1)


def _kth_largest(ranked: Tensor, top_k: Tensor) -> Tensor:
    """The k-th largest weight of each row, [rows, 1]; 0 where k is 0."""
    ranks = top_k.clamp(max=ranked.shape[1])
    found = ranked.gather(1, (ranks - 1).clamp(min=0).unsqueeze(1))
    return found.masked_fill((ranks == 0).unsqueeze(1), 0.0)


def _nucleus_lowest(ranked: Tensor, lowest: Tensor, top_p: Tensor) -> Tensor:
    """The lowest weight of the smallest set, of those above `lowest`, whose probability reaches `top_p`."""
    wanted = top_p.unsqueeze(1)
    found = ranked.gather(1, reaching(ranked, top_p).unsqueeze(1))
    return torch.where(wanted < 1, torch.maximum(found, lowest), lowest)


# Draws a token for each row from what its filters leave.


def choose_tokens(
    weights: Tensor, numbers: Sequence[RandomStream], top_k: Tensor, top_p: Tensor, min_p: Tensor
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
    weights: Tensor, numbers: Sequence[RandomStream], top_k: Tensor, top_p: Tensor, min_p: Tensor
) -> Tensor:
    lowest = lowest_kept(weights, top_k, top_p, min_p)
    return _draw(weights if lowest is None else weights * (weights >= lowest), numbers)


def _draw(weights: Tensor, numbers: Sequence[RandomStream]) -> Tensor:
    u = torch.tensor([one.next() for one in numbers], dtype=torch.float64, device=weights.device)
    drawn = draw(weights, u)
    intervals = torch.stack((drawn.low, drawn.width), dim=1).tolist()
    for one, (low, width) in zip(numbers, intervals, strict=True):
        one.chosen(low, width)
    return drawn.token
