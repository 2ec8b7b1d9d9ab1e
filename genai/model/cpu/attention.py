"""Attention of few new tokens over the cache, as two batched matrix products, for models on the CPU.

PyTorch's fused CPU kernel is made for long texts: for a step it calls a small matrix product for each row, head and
block of keys, which takes half as long again as two products over all rows. They take that kernel's place through
the registry that `transformers` has for this, so they serve every architecture that uses `sdpa`.
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

_NAME = "riff_products"
_OTHER_SCORES = ("softcap", "position_bias", "cache")
"""Arguments that change how scores are made; whoever gives one is served by `sdpa`."""
_MOST_SCORES = 1 << 22
"""Scores that may be held at once; longer texts are better served by a kernel that never holds them all."""


def attend_by_products(model: PreTrainedModel) -> bool:
    """Let `model` attend by matrix products on the CPU; whether it does."""
    if model.device.type != "cpu" or model.config._attn_implementation != "sdpa":
        return False
    if any(config._attn_implementation != "sdpa" for config in _parts(model)):
        return False
    AttentionInterface.register(_NAME, _attend)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    model.set_attn_implementation(_NAME)
    return True


def _parts(model: PreTrainedModel) -> list[Any]:
    return [part.config for part in model.modules() if isinstance(part, PreTrainedModel)]


def _attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Like `sdpa_attention_forward`: [batch, heads, queries, size] to [batch, queries, heads, size]."""
    mask = attention_mask
    ordinary = not dropout and all(others.get(name) is None for name in _OTHER_SCORES)
    if ordinary and mask is not None and _suits(query, key, mask):
        return _by_products(query, key, value, mask, scaling), None
    return sdpa_attention_forward(module, query, key, value, mask, dropout, scaling, **others)


def _suits(query: Tensor, key: Tensor, mask: Tensor) -> bool:
    scores = query.shape[:3].numel() * key.shape[2]
    return mask.is_floating_point() and mask.shape[1] == 1 and scores <= _MOST_SCORES


def _by_products(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, scaling: float | None) -> Tensor:
    """Query heads that share a key head (arXiv:2305.13245) go through one product."""
    batch, heads, queries, size = query.shape
    shared, length = key.shape[1:3]
    together = heads // shared
    asked = query.reshape(batch * shared, together * queries, size)
    hidden = mask.unsqueeze(2).expand(batch, shared, together, queries, length)
    hidden = hidden.reshape(batch * shared, together * queries, length)
    keys = key.flatten(0, 1).transpose(1, 2)
    scores = torch.baddbmm(hidden, asked, keys, alpha=size**-0.5 if scaling is None else scaling)
    found = torch.bmm(scores.softmax(dim=2), value.flatten(0, 1))
    return found.view(batch, heads, queries, -1).transpose(1, 2).contiguous()
