"""LoRA adapters (arXiv:2106.09685) beside one model's weights: many at once, another for each row of a batch.

The base layer computes all rows together; what an adapter adds is computed for its own rows only. This is peft's
mixed batch (`adapter_names`), chosen anew for every forward pass. A layer costs some small products more for each
adapter in the batch, where a pass for each adapter would read all weights again.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor
from transformers import PreTrainedModel

from genai.errors import BadCheckpoint, ModelMissing

_BASE = "__base__"
"""How peft calls rows that use no adapter."""


@dataclass(frozen=True, slots=True)
class AdapterFiles:
    """What an adapter's folder holds, read and ready to be put into the model."""

    folder: Path
    config: Any
    weights: dict[str, Tensor]


def read_adapter(folder: Path) -> AdapterFiles:
    """Read an adapter as peft saves it. Raises ModelMissing or BadCheckpoint."""
    import peft

    folder = folder.expanduser()
    if not (folder / "adapter_config.json").is_file():
        raise ModelMissing(f"There is no adapter in {folder}: it has no adapter_config.json.")
    try:
        config = peft.PeftConfig.from_pretrained(str(folder))
        weights = peft.load_peft_weights(str(folder), device="cpu")
    except Exception as error:  # whatever a broken file provokes
        raise BadCheckpoint(f"The adapter in {folder} is damaged; train it again.") from error
    if config.peft_type != peft.PeftType.LORA or config.modules_to_save:
        raise BadCheckpoint(f"The adapter in {folder} is not a plain LoRA; merge it with riff train merge.")
    config.inference_mode = True
    return AdapterFiles(folder, config, weights)


class Adapters:
    """The adapters of one model. Change them only between forward passes."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self._layers: list[Any] = []
        self._rows: list[str] | None = None

    def add(self, name: str, files: AdapterFiles) -> None:
        """Put an adapter beside the weights as `name`. Raises BadCheckpoint when it does not fit the model."""
        from peft import inject_adapter_in_model, set_peft_model_state_dict
        from peft.tuners.lora import LoraLayer

        # Several adapters are what is wanted.
        warnings.filterwarnings("ignore", message="Already found a `peft_config` attribute")
        misfit = BadCheckpoint(f"The adapter in {files.folder} was trained on another model.")
        try:
            inject_adapter_in_model(files.config, self._model, _inner(name))
            report = set_peft_model_state_dict(self._model, files.weights, _inner(name))
        except (ValueError, RuntimeError, KeyError) as error:
            self.remove(name)
            raise misfit from error
        finally:
            self._model.eval().requires_grad_(False)
            self._watch([layer for layer in self._model.modules() if isinstance(layer, LoraLayer)])
        if report.unexpected_keys:
            self.remove(name)
            raise misfit

    def remove(self, name: str) -> None:
        """Take `name` out again; its memory is free from then on."""
        from peft.functional import delete_adapter

        delete_adapter(self._model, _inner(name), prefix="lora_")
        self._enable(False)

    def choose(self, names: Sequence[str]) -> bool:
        """Say which adapter each row of the next forward pass uses, '' for none; whether any does."""
        if not self._layers:
            return False
        rows = [_inner(name) if name else _BASE for name in names] if any(names) else None
        if (rows is None) != (self._rows is None):
            self._enable(rows is not None)
        self._rows = rows
        return rows is not None

    def _watch(self, layers: list[Any]) -> None:
        for layer in layers:
            if layer not in self._layers:
                layer.register_forward_pre_hook(self._name_rows, with_kwargs=True)
        self._layers = layers
        self._enable(False)

    def _name_rows(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return args, kwargs if self._rows is None else kwargs | {"adapter_names": self._rows}

    def _enable(self, enabled: bool) -> None:
        self._rows = [] if enabled else None
        for layer in self._layers:
            layer.enable_adapters(enabled)


def _inner(name: str) -> str:
    """A name that cannot be taken for one of a module's own attributes."""
    return f"riff_{name}"
