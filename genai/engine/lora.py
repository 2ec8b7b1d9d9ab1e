"""LoRA adapters (arXiv:2106.09685) beside one model's weights: many at once, another for each row of a batch.

The base layer computes all rows together; what an adapter adds is computed for its own rows only. This is peft's
mixed batch (`adapter_names`), chosen anew for every forward pass. A layer costs some small products more for each
adapter in the batch, where a pass for each adapter would read all weights again.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from genai.engine.plain_adapter import PlainAdapter, read_plain
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


@dataclass(frozen=True, slots=True)
class _Stack:
    """What an adapter adds to layers that read one input: (x @ down) @ up, float32."""

    down: Tensor
    up: Tensor


class Additions:
    """What adapters add in one forward pass; rows None are all of them."""

    def __init__(
        self, stacks: Callable[[str, tuple[str, ...]], _Stack | None], rows: dict[str, Tensor | None]
    ) -> None:
        self._stacks, self._rows = stacks, rows

    def add(self, layers: tuple[str, ...], x: Tensor, found: Tensor) -> Tensor:
        """`found` [tokens, outputs of `layers`] that were made of `x`, with what the adapters add."""
        for name, rows in self._rows.items():
            stack = self._stacks(name, layers)
            if stack is None:
                continue
            part = x.float() if rows is None else x[rows].float()
            added = ((part @ stack.down) @ stack.up).to(found.dtype)
            found = found.add(added) if rows is None else found.index_add(0, rows, added)
        return found


class Adapters:
    """The adapters of one model. Change them only between forward passes."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self._layers: list[Any] = []
        self._plain: dict[str, PlainAdapter] = {}
        self._rows: list[str] | None = None
        self._stacks: dict[tuple[str, tuple[str, ...]], _Stack | None] = {}

    def add_plain(self, name: str, folder: Path) -> bool:
        """Put an adapter beside the weights without peft, if it is plain; whether it is. Raises BadCheckpoint."""
        adapter = None if self._layers else read_plain(folder, self._model)
        if adapter is not None:
            self._plain[name] = adapter
        return adapter is not None

    def add(self, name: str, files: AdapterFiles) -> None:
        """Put an adapter beside the weights as `name`. Raises BadCheckpoint when it does not fit the model."""
        plain, self._plain = self._plain, {}
        self._stacks.clear()
        for (
            other,
            adapter,
        ) in plain.items():  # another may be of a kind that cannot share a pass with plain ones
            self._inject(other, read_adapter(adapter.folder))
        self._inject(name, files)

    def _inject(self, name: str, files: AdapterFiles) -> None:
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
        self._stacks.clear()
        if self._plain.pop(name, None) is not None:
            return
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

    def additions(self, names: Sequence[str], queries: int) -> Additions | None:
        """What a forward pass of `queries` tokens a row must add itself; None where none does, or it cannot."""
        used = [name for name in dict.fromkeys(names) if name]
        if not used or not all(map(self._is_plain, used)):
            return None
        rows = torch.arange(len(names) * queries).view(len(names), queries)
        chosen = {
            name: None if len(used) == 1 and all(names) else rows[[one == name for one in names]].flatten()
            for name in used
        }
        return Additions(self._stack, chosen)

    def _is_plain(self, name: str) -> bool:
        """Whether an adapter is two matrices and a number at linear layers, and nothing else."""
        if name in self._plain:
            return True
        inner = _inner(name)
        layers = [layer for layer in self._layers if inner in layer.lora_A or inner in layer.lora_embedding_A]
        return all(
            inner in layer.lora_A
            and isinstance(layer.get_base_layer(), nn.Linear)
            and layer is not self._model.get_output_embeddings()
            and not layer.lora_bias.get(inner)
            and not getattr(layer, "lora_variant", {}).get(inner)
            for layer in layers
        )

    def _stack(self, name: str, layers: tuple[str, ...]) -> _Stack | None:
        if (name, layers) not in self._stacks:
            modules: list[Any] = [self._model.get_submodule(one) for one in layers]
            plain = self._plain.get(name)
            parts = (
                [_parts(_inner(name), one) for one in modules]
                if plain is None
                else [plain.added_at(one) for one in layers]
            )
            self._stacks[name, layers] = _stacked(parts, [one.out_features for one in modules])
        return self._stacks[name, layers]

    def _watch(self, layers: list[Any]) -> None:
        self._stacks.clear()
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


def _parts(inner: str, layer: Any) -> tuple[Tensor, Tensor] | None:
    """What peft has put at the layer, down [inputs, rank] and up [rank, outputs]; None where it has nothing."""
    if inner not in getattr(layer, "lora_A", {}):
        return None
    up = layer.lora_B[inner].weight.float().t() * layer.scaling[inner]
    return layer.lora_A[inner].weight.float().t(), up


def _stacked(parts: Sequence[tuple[Tensor, Tensor] | None], widths: Sequence[int]) -> _Stack | None:
    """The ranks of all layers one beside the other; each leads to the outputs of its own layer alone."""
    down, up, left = [], [], 0
    for part, width in zip(parts, widths, strict=True):
        if part is not None:
            down.append(part[0])
            up.append(nn.functional.pad(part[1], (left, sum(widths) - left - width)))
        left += width
    return _Stack(torch.cat(down, dim=1).contiguous(), torch.cat(up).contiguous()) if down else None


def _inner(name: str) -> str:
    """A name that cannot be taken for one of a module's own attributes."""
    return f"riff_{name}"
