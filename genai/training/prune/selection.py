"""Chooses what is kept: the most important layers, and in each layer equally many heads and neurons.

Uneven layers would need code of their own to load, so every layer keeps the same numbers. With grouped-query
attention (Ainslie et al. 2023, arXiv 2305.13245) whole groups are chosen first, by the sum of their heads'
importance, then the best heads within each: key/value heads go on serving equally many query heads.
"""

from dataclasses import dataclass, replace
from typing import Annotated

import torch
from pydantic import Field

from genai.training.architecture import Shape
from genai.training.prune.importance import Importance
from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class KeptSize:
    """How much is kept; 0 keeps all. Heads and width are those of each layer."""

    layers: Annotated[int, Field(ge=0)] = 0
    heads: Annotated[int, Field(ge=0)] = 0
    key_value_heads: Annotated[int, Field(ge=0)] = 0
    """0 with fewer `heads` drops whole groups where that works out, else heads out of every group."""
    intermediate: Annotated[int, Field(ge=0)] = 0
    """Feed-forward width."""


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
