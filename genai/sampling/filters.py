"""Filters on logits, one row per text, each row with its own parameters.

A filter gives the lowest logit that a row keeps instead of a sorted copy of the vocabulary: the tokens keep
their places, equal logits share one fate, and what a row keeps does not depend on the rows beside it.
"""

import torch
from torch import Tensor

_FIRST_LOOK = 128
"""How many of the largest logits are sorted at first; most nuclei are smaller than this."""


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
    largest = logits.amax(dim=1, keepdim=True)
    floor = torch.full_like(largest, -torch.inf)
    if bool((top_k > 0).any()):
        floor = _kth_largest(logits, top_k)
    if bool((top_p < 1).any()):
        floor = _nucleus_floor(logits, floor, top_p)
    if bool((min_p > 0).any()):
        floor = torch.maximum(floor, largest + min_p.to(largest.dtype).log().unsqueeze(1))
    return logits.masked_fill(logits < floor, -torch.inf)


def _kth_largest(logits: Tensor, top_k: Tensor) -> Tensor:
    """The k-th largest logit of each row, [rows, 1]; -inf where k is 0."""
    ranks = top_k.clamp(max=logits.shape[1])
    values = logits.topk(int(ranks.max()), dim=1).values
    found = values.gather(1, (ranks - 1).clamp(min=0).unsqueeze(1))
    return found.masked_fill((ranks == 0).unsqueeze(1), -torch.inf)


def _nucleus_floor(logits: Tensor, floor: Tensor, top_p: Tensor) -> Tensor:
    """The lowest logit of the smallest set above `floor` whose probability reaches `top_p`."""
    kept = logits.masked_fill(logits < floor, -torch.inf)
    total = kept.logsumexp(dim=1, keepdim=True)
    wanted = top_p.to(logits.dtype).unsqueeze(1)
    count = min(_FIRST_LOOK, logits.shape[1])
    while True:
        values = kept.topk(count, dim=1).values
        reached = (values - total).exp().cumsum(dim=1)
        if count == logits.shape[1] or bool(((reached[:, -1:] >= wanted) | (wanted >= 1)).all()):
            break
        count = min(8 * count, logits.shape[1])
    last = (reached < wanted).sum(dim=1, keepdim=True).clamp(max=count - 1)
    return torch.where(wanted < 1, torch.maximum(values.gather(1, last), floor), floor)
