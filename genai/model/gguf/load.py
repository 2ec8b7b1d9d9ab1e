"""Makes a model of `transformers` out of a GGUF file: its weights as they are stored, or as plain numbers."""

import logging
from collections import Counter
from collections.abc import Callable
from math import prod
from typing import Any

import torch
from gguf.constants import GGMLQuantizationType
from torch import Tensor
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel

from genai.errors import BadCheckpoint
from genai.model.cpu.grouped import Policy
from genai.model.cpu.groups import GROUP, Groups, quantise
from genai.model.cpu.regroup import regroup, set_parameter
from genai.model.gguf import blocks
from genai.model.gguf.families import family_of, stored_name
from genai.model.gguf.header import GgufFile

_LOG = logging.getLogger(__name__)
_FREQUENCIES = "rope_freqs.weight"

Progress = Callable[[float], None]
"""Told which share of the work is done."""


def without_weights(config: PretrainedConfig, dtype: torch.dtype) -> PreTrainedModel:
    """The modules of a model, with nothing in them but what follows from its configuration."""
    with torch.device("meta"):  # of this thread alone
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config, dtype=dtype)
    for module in model.modules():
        empty = {name: one for name, one in module.named_buffers(recurse=False) if one.device.type == "meta"}
        for name, buffer in empty.items():
            module.register_buffer(name, torch.empty_like(buffer, device="cpu"), persistent=False)
        if empty:  # frequencies of positions, scales of embeddings: what no file holds
            model._init_weights(module)
    model.eval().requires_grad_(False)
    return model


def main_kind(file: GgufFile) -> str:
    """The kind of block that most weights are stored in, for people."""
    weights: Counter[str] = Counter()
    for tensor in file.tensors.values():
        weights[tensor.kind.name] += prod(tensor.shape)
    return weights.most_common(1)[0][0]


class _Weights:
    """A file's weights by the names of `transformers`, with what its converter changed undone."""

    def __init__(self, file: GgufFile, config: PretrainedConfig) -> None:
        self._file, self._config, self._family = file, config, family_of(file)

    def stored(self, name: str) -> str:
        """The name in the file. Raises BadCheckpoint if it has no such tensor."""
        found = stored_name(self._file, name)
        if found is None:
            raise BadCheckpoint(
                f"The model file {self._file.path.name} is incomplete: it lacks {name}; download it again."
            )
        return found

    def values(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """Plain numbers of the given shape."""
        stored = self.stored(name)
        self._require(stored, shape)
        found = blocks.values(self._file, stored)
        if self._family.raised and name.endswith("norm.weight"):
            found = found - 1
        heads = self._heads(name)
        return blocks.rows_of_halves(found, heads) if heads else found

    def groups(self, name: str, shape: tuple[int, ...], bits: int | None) -> Groups:
        """Groups as they are stored, or the closest ones; of at most `bits` a weight, if that is given."""
        stored = self.stored(name)
        self._require(stored, shape)
        kind = self._file.tensors[stored].kind
        if kind not in blocks.EXACT or (bits == 4 and kind is GGMLQuantizationType.Q8_0):
            return quantise(self.values(name, shape), bits or 8)
        found = blocks.groups(self._file, stored)
        if heads := self._heads(name):
            parts = (found.numbers, found.scale, found.minimum)
            numbers, scale, minimum = (blocks.rows_of_halves(part, heads) for part in parts)
            return Groups(numbers, scale, minimum, found.bits)
        return found

    def _require(self, stored: str, shape: tuple[int, ...]) -> None:
        tensor = self._file.tensors[stored]
        if tensor.shape != shape:
            raise BadCheckpoint(
                f"The model file {self._file.path.name} contradicts itself: {stored} is {list(tensor.shape)}, "
                f"but the model needs {list(shape)}; download it again."
            )

    def _heads(self, name: str) -> int:
        """Heads whose rows lie in llama.cpp's order; 0 for all other parameters."""
        if not self._family.pairs:
            return 0
        if ".q_proj." in name:
            return int(self._config.num_attention_heads)
        return int(self._config.num_key_value_heads) if ".k_proj." in name else 0


def load_grouped(
    file: GgufFile, config: PretrainedConfig, dtype: torch.dtype, bits: int | None, progress: Progress
) -> PreTrainedModel:
    """The model with its weights in groups: as stored, or in `bits`. Raises BadCheckpoint."""
    model = without_weights(config, dtype)
    weights = _Weights(file, config)
    shapes = {name: tuple(one.shape) for name, one in model.named_parameters(remove_duplicate=False)}
    done = 0

    def groups_of(name: str) -> Groups | None:
        nonlocal done
        done += 1
        progress(done / len(shapes))
        source = _source(model, name)
        if shapes[name][-1] % GROUP:
            return None
        ends = source == _embedding(model) or name.startswith("lm_head")
        return weights.groups(source, shapes[name], None if ends else bits)

    regroup(model, groups_of, Policy())
    _fill(model, weights, dtype)
    return model


def load_plain(file: GgufFile, config: PretrainedConfig, dtype: torch.dtype) -> dict[str, Tensor]:
    """All parameters as plain numbers, by the names of `transformers`. Raises BadCheckpoint."""
    model = without_weights(config, dtype)
    weights = _Weights(file, config)
    return {
        name: weights.values(_source(model, name), tuple(one.shape)).to(dtype)
        for name, one in model.named_parameters()
    }


def load_unpacked(
    file: GgufFile, config: PretrainedConfig, dtype: torch.dtype, options: dict[str, Any]
) -> PreTrainedModel:
    """The model as plain numbers, or quantised as `options` of transformers say, for whoever trains or measures it.

    Raises BadCheckpoint.
    """
    kind: Any = type(without_weights(config, dtype))
    state = load_plain(file, config, dtype)
    model: PreTrainedModel = kind.from_pretrained(
        None, config=config, state_dict=state, dtype=dtype, **options
    )
    model.name_or_path = ""  # else peft looks for a model called None on the hub
    place_tokens(model, file)
    return model


def _source(model: PreTrainedModel, name: str) -> str:
    """The parameter that `name` shares its weights with, if it does with one; else itself."""
    tied = model.config.tie_word_embeddings
    return _embedding(model) if tied and name == _name_of(model, model.get_output_embeddings()) else name


def _embedding(model: PreTrainedModel) -> str:
    return _name_of(model, model.get_input_embeddings())


def _name_of(model: PreTrainedModel, layer: object) -> str:
    return next((f"{name}.weight" for name, module in model.named_modules() if module is layer), "")


def _fill(model: PreTrainedModel, weights: _Weights, dtype: torch.dtype) -> None:
    """What is not grouped: norms, biases, and matrices whose rows do not come out even."""
    for name, one in list(model.named_parameters()):
        if one.device.type == "meta":
            set_parameter(model, name, weights.values(_source(model, name), tuple(one.shape)).to(dtype))


def place_tokens(model: PreTrainedModel, file: GgufFile) -> None:
    """Llama 3.1 and later: the file divides each frequency of its rotary embedding by a number of its own."""
    if _FREQUENCIES not in file.tensors:
        return
    factors = blocks.values(file, _FREQUENCIES).flatten()
    for name, buffer in list(model.named_buffers()):
        if name.endswith("inv_freq") and buffer.shape == factors.shape:
            parent, _, last = name.rpartition(".")
            model.get_submodule(parent).register_buffer(
                last, buffer / factors.to(buffer.device), persistent=False
            )
