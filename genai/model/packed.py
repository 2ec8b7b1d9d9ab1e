"""Calls bitsandbytes' own NF4 kernel for the CPU without the layers of Python that stand before it.

On CPUs with AVX512-BF16 bitsandbytes packs 4-bit weights anew and multiplies them in one fused kernel. For one
row of a small model the way to that kernel (checks, casts, dispatch) takes three times as long as the kernel.
This goes there directly, with the same weights and the same kernel, so the results are the same.
"""

import ctypes
from collections.abc import Callable

import bitsandbytes as bnb
import torch
from bitsandbytes.cextension import lib
from torch import Tensor, nn

_KERNEL = "gemv_4bit_inference_cpu_nf4_bf16"


def shorten_calls(model: nn.Module) -> int:
    """Let the NF4 layers of `model` that lie packed on the CPU call the kernel directly; how many there are.

    For inference only. Elsewhere (CUDA, other CPUs, another version of bitsandbytes) nothing changes.
    """
    found = [layer for layer in model.modules() if isinstance(layer, bnb.nn.Linear4bit) and _is_packed(layer)]
    for layer in found:
        layer.forward = _direct(layer)
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


def _direct(layer: bnb.nn.Linear4bit) -> Callable[[Tensor], Tensor]:
    """A `forward` for `layer`: [..., inputs] to [..., outputs], in the dtype of its argument."""
    kernel, integer, pointer = getattr(lib, _KERNEL), ctypes.c_int64, ctypes.c_void_p
    weight, state, bias = layer.weight.data, layer.weight.quant_state, layer.bias
    outputs, inputs = state.shape
    sizes = integer(outputs), integer(inputs)
    scales, strides = state.absmax, (integer(state.blocksize), sizes[1], sizes[0])

    def forward(x: Tensor) -> Tensor:
        rows = x.to(torch.bfloat16).reshape(-1, inputs).contiguous()
        count = rows.shape[0]
        out = torch.empty(count, outputs, dtype=torch.bfloat16)
        places = [pointer(tensor.data_ptr()) for tensor in (rows, weight, scales, out)]
        kernel(integer(count), *sizes, *places, *strides)
        result = out.to(x.dtype).view(*x.shape[:-1], outputs)
        return result if bias is None else result + bias

    return forward
