"""Filters on logits, one row per text, each row with its own parameters.

A filter gives the lowest weight that a row keeps instead of a sorted copy of the vocabulary: the tokens keep
their places, equal weights share one fate, and what a row keeps does not depend on the rows beside it.
"""

import numpy as np
import torch
from torch import Tensor

from genai.sampling.draw import reaching


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
