"""Reads an adapter that is two matrices and a number at each linear layer, without peft: a second less to wait.

What the embedded model is served with is of this kind. Only a forward pass that adds by itself what adapters add
(`genai.engine.decoder`) can use it so.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import PreTrainedModel

from genai.errors import BadCheckpoint

_PREFIX, _DOWN, _UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
_PLAIN = {"peft_type": "LORA", "bias": "none", "use_dora": False, "use_rslora": False, "rank_pattern": {}}
_PLAIN |= {"alpha_pattern": {}, "modules_to_save": None, "fan_in_fan_out": False}


@dataclass(frozen=True, slots=True)
class PlainAdapter:
    """By the name of a layer its two matrices as they lie in the file, which is mapped into memory."""

    folder: Path
    layers: dict[str, tuple[Tensor, Tensor]]
    scale: float

    def added_at(self, layer: str) -> tuple[Tensor, Tensor] | None:
        """down [inputs, rank] and up [rank, outputs], float32: (x @ down) @ up is added; None where nothing is."""
        if layer not in self.layers:
            return None
        down, up = self.layers[layer]
        return down.float().t().contiguous(), (up.float().t() * self.scale).contiguous()


def read_plain(folder: Path, model: PreTrainedModel) -> PlainAdapter | None:
    """The adapter in `folder`, which fits `model`; None where it is of another kind. Raises BadCheckpoint."""
    damaged = BadCheckpoint(f"The adapter in {folder} is damaged; install Riff again.")
    try:
        config = json.loads((folder / "adapter_config.json").read_bytes())
        if any(config.get(key) != value for key, value in _PLAIN.items()):
            return None
        weights = load_file(folder / "adapter_model.safetensors")
        scale = config["lora_alpha"] / config["r"]
        layers = {
            name[len(_PREFIX) : -len(_DOWN)]: (down, weights[name.replace(_DOWN, _UP)])
            for name, down in weights.items()
            if name.endswith(_DOWN)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise damaged from error
    if "lm_head" in layers:
        return None
    if not layers or not all(_fits(model, name, *both) for name, both in layers.items()):
        raise damaged
    return PlainAdapter(folder, layers, scale)


def _fits(model: PreTrainedModel, name: str, down: Tensor, up: Tensor) -> bool:
    try:
        layer = model.get_submodule(name)
    except AttributeError:
        return False
    sizes = getattr(layer, "in_features", 0), getattr(layer, "out_features", 0)
    return (down.shape[1], up.shape[0]) == sizes and down.shape[0] == up.shape[1]
