"""Lets several models with one tokenizer decode as one: each reads every text, and their distributions are mixed.

linear      p(x) = Σ_k w_k p_k(x)            says what any member says (Jelinek and Mercer 1980)
log-linear  p(x) ∝ Π_k p_k(x)^{w_k}          says what no member objects to (Hinton 2002)
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from genai.engine.scorer import RowStore, Scorer, Span
from genai.settings import Mixing


class Rows:
    """The rows of all members' caches, which stay alike."""

    def __init__(self, stores: Sequence[RowStore]) -> None:
        self._stores = stores
        self.slots = min(store.slots for store in stores)
        self.positions = min(store.positions for store in stores)

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another, in every cache."""
        for store in self._stores:
            store.copy(source, target, length)

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows, in every cache."""
        for store in self._stores:
            store.swap(first, second, length)


class Ensemble:
    """A Scorer made of Scorers; `weights` are above 0 and need not sum to 1."""

    def __init__(self, members: Sequence[Scorer], weights: Sequence[float], mixing: Mixing) -> None:
        self._members = members
        self._weights = torch.tensor(weights, dtype=torch.float32) / sum(weights)
        self._mixing = mixing
        self.cache = Rows([member.cache for member in members])
        self.agreement: Tensor | None = None
        """How alike the members' latest distributions are, [spans], from 0 to 1."""

    def __call__(self, spans: Sequence[Span]) -> Tensor:
        """Feed `spans` to every member; log-probabilities [spans, vocabulary] of the mixture, float32."""
        answers = [member(spans) for member in self._members]
        # Some models pad their vocabulary to a round size; ids beyond the shortest mean nothing to anyone.
        shared = min(answer.shape[1] for answer in answers)
        device = answers[0].device
        members = torch.stack([answer[:, :shared].to(device).log_softmax(dim=1) for answer in answers])
        weights = self._weights.to(device).view(-1, 1, 1)
        linear = (weights.log() + members).logsumexp(dim=0)
        self.agreement = _agreement(members, linear, weights)
        return linear if self._mixing == "linear" else (weights * members).sum(dim=0).log_softmax(dim=1)


def _agreement(members: Tensor, mixed: Tensor, weights: Tensor) -> Tensor:
    """1 - JSD / H(w) for each row: Jensen-Shannon divergence over its upper bound (Lin 1991, IEEE Trans. IT 37).

    members [members, rows, vocabulary] and their linear mixture are log-probabilities.
    """
    apart = members.exp() * (members - mixed).nan_to_num(0.0)
    divergence = (weights * apart).sum(dim=(0, 2))
    bound = -(weights * weights.log()).sum()
    return (1 - divergence / bound).clamp(0.0, 1.0)
