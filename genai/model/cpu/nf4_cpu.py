"""Calls bitsandbytes' own NF4 kernel for the CPU without the layers of Python that stand before it.

On CPUs with AVX512-BF16 bitsandbytes packs 4-bit weights anew and multiplies them in one fused kernel. For one
row of a small model the way to that kernel (checks, casts, dispatch) takes three times as long as the kernel.
This goes there directly, with the same weights and the same kernel, so the results are the same. Layers that read
the same input go there together, which saves calls and casts and divides the work between the cores more evenly.
"""

import ctypes
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

import bitsandbytes as bnb
import torch
from bitsandbytes.cextension import lib
from torch import Tensor, nn

_KERNEL = "gemv_4bit_inference_cpu_nf4_bf16"
_TOGETHER = (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj"))
"""How most architectures call neighbours that read one input; where one of them does not, it still gets its own."""

_FEW = 64
"""Rows up to which that pays; of more, what comes next works better on results that lie apart."""

Multiply = Callable[[Tensor], Tensor]
"""[..., inputs] to [..., outputs], in the dtype of its argument."""


def shorten_calls(model: nn.Module) -> int:
    """Let the NF4 layers of `model` that lie packed on the CPU call the kernel directly; how many there are.

    For inference only. Elsewhere (CUDA, other CPUs, another version of bitsandbytes) nothing changes.
    """
    found = [layer for layer in model.modules() if isinstance(layer, bnb.nn.Linear4bit) and _is_packed(layer)]
    for layer in found:
        layer.forward = _direct([layer])
    for parent in model.modules():
        for names in _TOGETHER:
            layers = [getattr(parent, name, None) for name in names]
            if all(layer in found for layer in layers):
                _join([layer for layer in layers if isinstance(layer, bnb.nn.Linear4bit)])
    return len(found)


@torch.inference_mode()
def _is_packed(layer: bnb.nn.Linear4bit) -> bool:
    weight = layer.weight
    if weight.device.type != "cpu" or weight.quant_state.quant_type != "nf4" or layer.training:
        return False
    try:
        getattr(lib, _KERNEL)
        layer(torch.zeros(1, layer.in_features))  # bitsandbytes packs at the first use
    except (AttributeError, RuntimeError, AssertionError):
        return False
    state = layer.weight.quant_state
    return bool(getattr(state, "packing_format_for_cpu", False)) and state.absmax.dtype == torch.bfloat16


class _Joint:
    """Multiplies a few rows for several layers at once, as soon as the first of them is asked."""

    def __init__(self, multiply: Multiply, alone: Sequence[Multiply], widths: Sequence[int]) -> None:
        self._multiply = multiply
        self._alone = alone
        self._widths = list(widths)
        self._input: Tensor | None = None
        self._waiting: dict[int, Tensor] = {}

    def part(self, index: int, x: Tensor) -> Tensor:
        """What layer `index` makes of `x`. Nothing is kept once every layer has asked."""
        if x.numel() > _FEW * x.shape[-1]:
            return self._alone[index](x)
        if x is not self._input or index not in self._waiting:
            self._input = x
            self._waiting = dict(enumerate(self._multiply(x).split(self._widths, dim=-1)))
        found = self._waiting.pop(index)
        if not self._waiting:
            self._input = None
        return found


def _join(layers: Sequence[bnb.nn.Linear4bit]) -> None:
    """Let `layers` be multiplied together, if they are of one kind."""
    states = [layer.weight.quant_state for layer in layers]
    if len({(state.shape[1], state.blocksize) for state in states}) > 1:
        return
    widths = [state.shape[0] for state in states]
    together = _direct(layers)  # first, for it moves the weights
    joint = _Joint(together, [_direct([layer]) for layer in layers], widths)
    for index, layer in enumerate(layers):
        layer.forward = partial(joint.part, index)


def _direct(layers: Sequence[bnb.nn.Linear4bit]) -> Multiply:
    """Multiply by the weights of `layers`, which have as many inputs, one below the other."""
    kernel, integer, pointer = getattr(lib, _KERNEL), ctypes.c_int64, ctypes.c_void_p
    states = [layer.weight.quant_state for layer in layers]
    inputs, outputs = states[0].shape[1], sum(state.shape[0] for state in states)
    weight, bias = _stacked(layers), _biases(layers)
    scales = torch.cat([state.absmax for state in states], dim=1) if len(layers) > 1 else states[0].absmax
    sizes = integer(outputs), integer(inputs)
    strides = (integer(states[0].blocksize), sizes[1], sizes[0])

    def forward(x: Tensor) -> Tensor:
        rows = x.to(torch.bfloat16).reshape(-1, inputs).contiguous()
        count = rows.shape[0]
        out = torch.empty(count, outputs, dtype=torch.bfloat16)
        places = [pointer(tensor.data_ptr()) for tensor in (rows, weight, scales, out)]
        kernel(integer(count), *sizes, *places, *strides)
        result = out.to(x.dtype).view(*x.shape[:-1], outputs)
        return result if bias is None else result + bias

    return forward


def _stacked(layers: Sequence[bnb.nn.Linear4bit]) -> Tensor:
    """The packed weights of `layers` as one tensor, of which theirs become parts, so that none lies there twice."""
    if len(layers) == 1:
        data: Tensor = layers[0].weight.data
        return data
    stacked = torch.cat([layer.weight.data for layer in layers])
    ends = list(accumulate(len(layer.weight.data) for layer in layers))
    for layer, end in zip(layers, ends, strict=True):
        layer.weight.data = stacked[end - len(layer.weight.data) : end]
    return stacked


def _biases(layers: Sequence[bnb.nn.Linear4bit]) -> Tensor | None:
    if all(layer.bias is None for layer in layers):
        return None
    return torch.cat(
        [
            torch.zeros(layer.weight.quant_state.shape[0]) if layer.bias is None else layer.bias.data
            for layer in layers
        ]
    )
