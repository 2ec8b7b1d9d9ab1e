"""Cuts a model down to what is kept: a new, smaller model of the same architecture with the old weights."""

import re
from typing import Final

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from genai.training.architecture import Shape, resized, shape_of
from genai.training.prune.importance import unsupported
from genai.training.prune.selection import Kept

_LAYER: Final = re.compile(r"model\.layers\.(\d+)\.(.+)")
_ROWS: Final = {
    "q_proj": "heads",
    "k_proj": "key_values",
    "v_proj": "key_values",
    "gate_proj": "neurons",
    "up_proj": "neurons",
}
_COLUMNS: Final = {"o_proj": "heads", "down_proj": "neurons"}


def cut(model: PreTrainedModel, smaller: Shape, kept: Kept) -> PreTrainedModel:
    """The smaller model, its weights copied; `model` stays whole. Raises TrainingError for unknown parts."""
    config = resized(model.config, smaller, kept.layers)
    config.dtype = model.dtype
    new: PreTrainedModel = AutoModelForCausalLM.from_config(config)
    weights = _cut_weights(model.state_dict(), shape_of(model.config).head_width, kept)
    try:
        new.load_state_dict(weights)
    except RuntimeError as error:  # a part that spans heads or neurons in a way not known here
        raise unsupported(model) from error
    new.generation_config = model.generation_config
    return new


def _cut_weights(weights: dict[str, torch.Tensor], width: int, kept: Kept) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    for name, tensor in weights.items():
        inner = _LAYER.fullmatch(name)
        if inner is None:
            found[name] = tensor
        elif int(inner[1]) in kept.layers:
            place = kept.layers.index(int(inner[1]))
            found[f"model.layers.{place}.{inner[2]}"] = _cut_tensor(
                tensor, inner[2], _units(kept, place, width)
            )
    return found


def _units(kept: Kept, place: int, width: int) -> dict[str, torch.Tensor]:
    return {
        "heads": _spread(kept.heads[place], width),
        "key_values": _spread(kept.key_value_heads[place], width),
        "neurons": kept.neurons[place],
    }


def _spread(heads: torch.Tensor, width: int) -> torch.Tensor:
    """Rows of the heads: each has `width` of them."""
    return (heads[:, None] * width + torch.arange(width)).flatten()


def _cut_tensor(tensor: torch.Tensor, name: str, units: dict[str, torch.Tensor]) -> torch.Tensor:
    part, kind = name.split(".")[-2:]
    if part in _ROWS:
        return tensor.index_select(0, units[_ROWS[part]].to(tensor.device))
    if part in _COLUMNS and kind == "weight":
        return tensor.index_select(1, units[_COLUMNS[part]].to(tensor.device))
    return tensor
