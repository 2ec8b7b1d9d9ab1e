"""Chooses what is kept of a model, the most important parts, and cuts it down to that.

Uneven layers would need code of their own to load, so every layer keeps equally many heads and neurons. With
grouped-query attention (Ainslie et al. 2023, arXiv 2305.13245) whole groups are chosen first, by the sum of their
heads' importance, then the best heads within each: key/value heads go on serving equally many query heads.
"""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Final

import torch
from pydantic import Field
from transformers import AutoModelForCausalLM, PreTrainedModel

from genai.training.architecture import Shape, resized, shape_of
from genai.training.prune.importance import Importance, unsupported
from genai.training.run.config import settings
from genai.training.run.errors import TrainingError

_LAYER: Final = re.compile(r"model\.layers\.(\d+)\.(.+)")
_ROWS: Final = {
    "q_proj": "heads",
    "k_proj": "key_values",
    "v_proj": "key_values",
    "gate_proj": "neurons",
    "up_proj": "neurons",
}
_COLUMNS: Final = {"o_proj": "heads", "down_proj": "neurons"}


@settings
class KeptSize:
    """How much is kept; 0 keeps all."""

    layers: Annotated[int, Field(ge=0)] = 0
    """Layers to keep."""
    heads: Annotated[int, Field(ge=0)] = 0
    """Attention heads to keep in each layer."""
    key_value_heads: Annotated[int, Field(ge=0)] = 0
    """Key/value heads to keep, of models whose heads share them; 0 with fewer `heads` drops whole groups where that
    works out, else heads out of every group."""
    intermediate: Annotated[int, Field(ge=0)] = 0
    """Feed-forward neurons to keep in each layer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Indices of what is kept, in their old order: layers, and by kept layer the heads and neurons."""

    layers: list[int]
    heads: list[torch.Tensor]
    key_value_heads: list[torch.Tensor]
    neurons: list[torch.Tensor]


def pruned_shape(shape: Shape, size: KeptSize) -> Shape:
    """The shape that is left; raises TrainingError when it is not smaller, or heads do not come out even."""
    heads = size.heads or shape.heads
    smaller = replace(
        shape,
        layers=size.layers or shape.layers,
        heads=heads,
        key_value_heads=size.key_value_heads or _key_value_heads(shape, heads),
        intermediate=size.intermediate or shape.intermediate,
    )
    for name in ("layers", "heads", "key_value_heads", "intermediate"):
        if getattr(smaller, name) > getattr(shape, name):
            raise TrainingError(f"keep.{name}: the model has only {getattr(shape, name)}.")
    if heads % smaller.key_value_heads or smaller.group > shape.group:
        raise TrainingError(
            f"{heads} heads cannot share {smaller.key_value_heads} key/value heads; the model has groups of "
            f"{shape.group}, so keep a multiple, at most {shape.group} for each key/value head."
        )
    if smaller == shape:
        raise TrainingError(
            f"Nothing would be pruned: the model has {shape.layers} layers, {shape.heads} heads and width "
            f"{shape.intermediate}. Give --layers, --heads or --intermediate a smaller number."
        )
    return smaller


def select(importance: Importance, shape: Shape, smaller: Shape) -> Kept:
    """The most important units that fill the `smaller` shape."""
    layers = _best(importance.layers, smaller.layers).tolist()
    groups = importance.heads.view(shape.layers, shape.key_value_heads, shape.group)
    kept = [_heads(groups[layer], smaller) for layer in layers]
    return Kept(
        layers=layers,
        heads=[heads for heads, _ in kept],
        key_value_heads=[key_values for _, key_values in kept],
        neurons=[_best(importance.neurons[layer], smaller.intermediate) for layer in layers],
    )


def _key_value_heads(shape: Shape, heads: int) -> int:
    return heads // shape.group if heads % shape.group == 0 else shape.key_value_heads


def _heads(groups: torch.Tensor, smaller: Shape) -> tuple[torch.Tensor, torch.Tensor]:
    """Query and key/value heads of one layer, whose `groups` are of shape (key/value heads, group)."""
    key_values = _best(groups.sum(1), smaller.key_value_heads)
    heads = [group * groups.shape[1] + _best(groups[group], smaller.group) for group in key_values.tolist()]
    return torch.cat(heads), key_values


def _best(importance: torch.Tensor, count: int) -> torch.Tensor:
    return importance.topk(count).indices.sort().values


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
