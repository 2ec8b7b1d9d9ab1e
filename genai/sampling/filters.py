"""Filters on logits, one row per text, each row with its own parameters.

A filter gives the lowest logit that a row keeps instead of a sorted copy of the vocabulary: the tokens keep
their places, equal logits share one fate, and what a row keeps does not depend on the rows beside it.
"""

import numpy as np
import torch
from torch import Tensor


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
    floor = lowest_kept(logits, top_k, top_p, min_p)
    return logits if floor is None else logits.masked_fill(logits < floor, -torch.inf)


def lowest_kept(logits: Tensor, top_k: Tensor, top_p: Tensor, min_p: Tensor) -> Tensor | None:
    """The lowest logit [rows, 1] that `keep_likely` keeps of each row; None when no filter is on.

    The settings are small tensors on the CPU, whatever device the logits are on.
    """
    cut, nuclear, relative = bool((top_k > 0).any()), bool((top_p < 1).any()), bool((min_p > 0).any())
    if not (cut or nuclear or relative):
        return None
    largest = logits.amax(dim=1, keepdim=True)
    floor = torch.full_like(largest, -torch.inf)
    ranked = _ranked(logits) if cut or nuclear else logits
    if cut:
        floor = _kth_largest(ranked, top_k.to(logits.device))
    if nuclear:
        floor = _nucleus_floor(ranked, floor if cut else None, largest, top_p.to(logits))
    if relative:
        floor = torch.maximum(floor, largest + min_p.to(logits).log().unsqueeze(1))
    return floor


def _ranked(logits: Tensor) -> Tensor:
    """The logits of each row, largest first. NumPy's sort uses vector instructions; PyTorch's is 30 x slower."""
    if logits.device.type != "cpu" or logits.dtype != torch.float32:
        return logits.sort(dim=1, descending=True).values
    return torch.from_numpy(np.sort(logits.numpy(force=True), axis=1)).flip(1)


def _kth_largest(ranked: Tensor, top_k: Tensor) -> Tensor:
    """The k-th largest logit of each row, [rows, 1]; -inf where k is 0."""
    ranks = top_k.clamp(max=ranked.shape[1])
    found = ranked.gather(1, (ranks - 1).clamp(min=0).unsqueeze(1))
    return found.masked_fill((ranks == 0).unsqueeze(1), -torch.inf)


def _nucleus_floor(ranked: Tensor, floor: Tensor | None, largest: Tensor, top_p: Tensor) -> Tensor:
    """The lowest logit of the smallest set above `floor` whose probability reaches `top_p`."""
    weights = (ranked - largest).exp_()
    if floor is None:
        floor = torch.full_like(largest, -torch.inf)
    else:
        weights *= ranked >= floor
    reached = weights.cumsum_(dim=1)
    wanted = top_p.unsqueeze(1)
    last = (reached < wanted * reached[:, -1:]).sum(dim=1, keepdim=True).clamp(max=ranked.shape[1] - 1)
    return torch.where(wanted < 1, torch.maximum(ranked.gather(1, last), floor), floor)
