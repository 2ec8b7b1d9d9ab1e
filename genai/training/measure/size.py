"""How much room a model takes, in memory and on disk, in bytes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import torch
from transformers import PreTrainedModel

_WEIGHTS: Final = ("*.safetensors", "*.bin")


def memory_bytes(model: PreTrainedModel) -> int:
    """Bytes of all weights and buffers, with the scales of quantised weights; tied weights count once."""
    tensors = (*model.parameters(), *model.buffers())
    found = {id(part): part for tensor in tensors for part in (tensor, *_scales(tensor))}
    return sum(part.numel() * part.element_size() for part in found.values())


def disk_bytes(folder: Path) -> int:
    """Bytes of the weight files in a model or adapter folder."""
    return sum(file.stat().st_size for pattern in _WEIGHTS for file in folder.glob(pattern))


def saved_bytes(model: PreTrainedModel) -> int:
    """Bytes that the weights would take on disk as they are loaded now; needs that much temporary room."""
    with tempfile.TemporaryDirectory() as name:
        cast(Any, model).save_pretrained(name)
        return disk_bytes(Path(name))


def _scales(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """What a quantised weight carries besides its integers: row scales (int8), or block scales (NF4).

    With double quantisation the block scales are integers themselves, with scales of their own (`state2`).
    """
    rows = getattr(tensor, "SCB", None)
    if isinstance(rows, torch.Tensor):
        yield rows
    state = getattr(tensor, "quant_state", None)
    while state is not None:
        parts = (state.absmax, state.code, state.offset)
        yield from (part for part in parts if isinstance(part, torch.Tensor))
        state = getattr(state, "state2", None)  # gone from weights that were repacked for a CPU
