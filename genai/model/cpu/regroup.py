"""Puts layers with weights in groups of 32 in the place of a model's linear and embedding layers; and keeps them.

What is put in place can be written to a folder and read again without any arithmetic: the file is mapped into
memory, and the kernel multiplies by what lies there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from genai.model.cpu.grouped import GroupedEmbedding, Policy, Product, layers_of, pack
from genai.model.cpu.groups import GROUP, Groups

_TOGETHER = (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj"))
"""How most architectures call neighbours that read one input; where one of them does not, it still gets its own."""
_BLOCK = 64
"""Rows to which all but the last matrix of a product must come out even."""

GroupsOf = Callable[[str], Groups | None]
"""The groups of a parameter, by its name; None for one that stays as it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Layers `parts` of the module `parent`, which are multiplied together."""

    parent: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the layers."""
        return tuple(f"{self.parent}.{part}".lstrip(".") for part in self.parts)

    @property
    def key(self) -> str:
        """How the product of these layers is called in a file."""
        return f"{self.parent}.{'+'.join(self.parts)}".lstrip(".")


def places(model: nn.Module) -> Iterator[Place]:
    """Where `model` has linear layers whose rows can be grouped."""
    for parent, module in model.named_modules():
        found = [name for name, child in module.named_children() if _fits(child)]
        for names in _TOGETHER:
            if all(name in found for name in names) and _even([module.get_submodule(name) for name in names]):
                yield Place(parent, names)
                found = [name for name in found if name not in names]
        for name in found:
            yield Place(parent, (name,))


def _fits(layer: nn.Module) -> bool:
    return type(layer) is nn.Linear and layer.in_features % GROUP == 0


def _even(layers: list[Any]) -> bool:
    same = len({layer.in_features for layer in layers}) == 1
    return same and all(layer.out_features % _BLOCK == 0 for layer in layers[:-1])


def regroup(model: PreTrainedModel, groups_of: GroupsOf, policy: Policy) -> list[Product]:
    """Replace the layers of `model` for which `groups_of` has groups; the products that they became."""
    found = []
    for place in list(places(model)):
        parts = [groups_of(f"{name}.weight") for name in place.names]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts) and len({part.bits for part in known}) == 1:
            found.append(_put(model, place, _product(known, policy)))
        else:
            alone = [(name, part) for name, part in zip(place.parts, parts, strict=True) if part is not None]
            found += [
                _put(model, Place(place.parent, (name,)), _product([part], policy)) for name, part in alone
            ]
    embedding = model.get_input_embeddings()
    name = next(name for name, module in model.named_modules() if module is embedding)
    if type(embedding) is nn.Embedding and (groups := groups_of(f"{name}.weight")) is not None:
        model.set_submodule(name, GroupedEmbedding(groups, model.dtype, embedding.padding_idx))
    return found


def _product(parts: list[Groups], policy: Policy) -> Product:
    whole = Groups(
        torch.cat([part.numbers for part in parts]),
        torch.cat([part.scale for part in parts]),
        torch.cat([part.minimum for part in parts]),
        parts[0].bits,
    )
    return Product(pack(whole), whole.scale, whole.minimum, whole.bits, len(whole.numbers), policy)


def _put(model: nn.Module, place: Place, product: Product) -> Product:
    before: list[Any] = [model.get_submodule(name) for name in place.names]
    layers = layers_of(product, [layer.out_features for layer in before], [layer.bias for layer in before])
    for name, layer in zip(place.names, layers, strict=True):
        model.set_submodule(name, layer)
    return product


_LAYOUT = "layout"


def kept(model: nn.Module) -> tuple[dict[str, Tensor], dict[str, str]]:
    """What a file must hold to put the layers in place again: tensors, and what they are."""
    tensors: dict[str, Tensor] = {}
    layout: list[dict[str, Any]] = []
    for place, product in _products(model):
        tensors |= {
            f"{place.key}.packed": product.packed,
            f"{place.key}.scale": _halved(product.scale),
            f"{place.key}.minimum": _halved(product.minimum),
        }
        layout.append(
            {"parent": place.parent, "parts": place.parts, "bits": product.bits, "rows": product.rows}
        )
    for name, module in model.named_modules():
        if isinstance(module, GroupedEmbedding):
            groups = module.groups
            tensors |= {
                f"{name}.numbers": groups.numbers,
                f"{name}.scale": _halved(groups.scale),
                f"{name}.minimum": _halved(groups.minimum),
            }
            layout.append({"embedding": name, "bits": groups.bits})
    grouped = {name for name, _ in _grouped_weights(model)}
    tensors |= {name: one.data for name, one in model.named_parameters() if name not in grouped}
    return {name: tensor.contiguous().clone() for name, tensor in tensors.items()}, {
        _LAYOUT: json.dumps(layout)
    }


def put_back(
    model: PreTrainedModel, tensors: Mapping[str, Tensor], described: Mapping[str, str], policy: Policy
) -> list[Product]:
    """Undo `kept` on a model without weights. Raises KeyError where something is missing."""
    found = []
    for one in json.loads(described[_LAYOUT]):
        if "embedding" in one:
            name = one["embedding"]
            groups = Groups(
                tensors[f"{name}.numbers"],
                tensors[f"{name}.scale"],
                tensors[f"{name}.minimum"],
                one["bits"],
            )
            before: Any = model.get_submodule(name)
            model.set_submodule(name, GroupedEmbedding(groups, model.dtype, before.padding_idx))
            continue
        place = Place(one["parent"], tuple(one["parts"]))
        packed, scale, minimum = (tensors[f"{place.key}.{part}"] for part in ("packed", "scale", "minimum"))
        product = Product(packed, scale, minimum, one["bits"], one["rows"], policy)
        found.append(_put(model, place, product))
    grouped = {name for name, _ in _grouped_weights(model)}
    for name in [name for name, _ in model.named_parameters() if name not in grouped]:
        set_parameter(model, name, tensors[name])
    return found


def set_parameter(model: nn.Module, name: str, value: Tensor) -> None:
    """Put a tensor in the place of a parameter, whatever that was."""
    parent, _, last = name.rpartition(".")
    module = model.get_submodule(parent)
    module.register_parameter(last, nn.Parameter(value, requires_grad=False))


def _products(model: nn.Module) -> Iterator[tuple[Place, Product]]:
    seen: dict[int, tuple[Product, list[str]]] = {}
    for name, module in model.named_modules():
        joint = getattr(module, "joint", None)
        if joint is not None:
            seen.setdefault(id(joint.product), (joint.product, []))[1].append(name)
    for product, names in seen.values():
        parent = names[0].rpartition(".")[0]
        yield Place(parent, tuple(name.rpartition(".")[2] for name in names)), product


def _grouped_weights(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, module in model.named_modules():
        if hasattr(module, "joint") or isinstance(module, GroupedEmbedding):
            yield f"{name}.weight", module


def _halved(numbers: Tensor) -> Tensor:
    """The same as float16 where that loses nothing, as with numbers that a GGUF file holds so."""
    half = numbers.half()
    return half if torch.equal(half.float(), numbers.float()) else numbers
