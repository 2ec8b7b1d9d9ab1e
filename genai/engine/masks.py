"""Attention masks for rows that stand at different positions."""

import torch
from torch import Tensor
from transformers import PretrainedConfig

from genai.errors import UnsupportedModel

_FULL, _SLIDING, _CHUNKED = "full_attention", "sliding_attention", "chunked_attention"

AttentionMask = Tensor | dict[str, Tensor]


class MaskBuilder:
    """Builds the masks that one model's layers expect, following the conventions of `transformers`."""

    def __init__(self, config: PretrainedConfig, dtype: torch.dtype) -> None:
        text = config.get_text_config()
        self._window = getattr(text, "sliding_window", None)
        self._chunk = getattr(text, "attention_chunk_size", None)
        self._kinds = getattr(text, "layer_types", None)
        self._dtype = dtype
        if unknown := set(self._kinds or ()) - {_FULL, _SLIDING, _CHUNKED}:
            raise UnsupportedModel(
                f"A model with {', '.join(sorted(unknown))} layers cannot be served here; choose one whose "
                "layers all use ordinary attention."
            )

    def build(self, positions: Tensor, length: int) -> AttentionMask:
        """Masks [batch, 1, queries, length] for `positions` [batch, queries], by layer type if it has any."""
        if self._kinds is not None:
            return {kind: self._mask(kind, positions, length) for kind in set(self._kinds)}
        if self._window is not None:
            return self._mask(_SLIDING, positions, length)
        return self._mask(_CHUNKED if self._chunk is not None else _FULL, positions, length)

    def _mask(self, kind: str, positions: Tensor, length: int) -> Tensor:
        query = positions[:, None, :, None]
        key = torch.arange(length, device=positions.device)
        visible = key <= query
        if kind == _SLIDING and self._window is not None:
            visible &= key > query - self._window
        if kind == _CHUNKED and self._chunk is not None:
            visible &= key // self._chunk == query // self._chunk
        # What is added to the scores, once a step; booleans would be turned into this again by every layer.
        hidden = torch.finfo(self._dtype).min
        return torch.zeros(visible.shape, dtype=self._dtype, device=visible.device).masked_fill(
            ~visible, hidden
        )
