"""Lets float32 layers on the CPU use whichever of PyTorch's two matrix libraries is faster on this machine.

For float32 PyTorch calls MKL, which leaves AMD's widest vector instructions unused; oneDNN, which is built in as
well, uses them, and is then twice as fast with the same arithmetic. Inductor chooses it in the same way.
"""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_ROWS = 32
_TRIES = 5
_CLEARLY = 0.9
"""oneDNN must take less than this share of MKL's time."""
_SMALL = 64 * 2**20
"""Bytes of weights up to which a second copy, in the order that oneDNN reads them in, is worth its memory."""


@torch.inference_mode()
def choose_library(model: nn.Module) -> int:
    """Let the plain float32 layers of `model` on the CPU call oneDNN if it is faster; how many do. Takes ms."""
    layers = _plain(model)
    if not layers or not torch.backends.mkldnn.is_available():
        return 0
    largest = max(layers, key=lambda layer: layer.weight.numel())
    if _seconds(_by_onednn(largest), largest) > _CLEARLY * _seconds(largest.forward, largest):
        return 0
    for layer in layers:
        layer.forward = _by_onednn(layer)
    return len(layers)


def _plain(model: nn.Module) -> list[Any]:
    """Not its subclasses, which may do something else, nor other places and types."""
    found = [layer for layer in model.modules() if type(layer) is nn.Linear]
    return [
        layer for layer in found if (layer.weight.device.type, layer.weight.dtype) == ("cpu", torch.float32)
    ]


def _by_onednn(layer: nn.Linear) -> Callable[[Tensor], Tensor]:
    multiply = torch.ops.mkldnn._linear_pointwise
    weight = layer.weight.data
    if weight.nbytes <= _SMALL:  # else oneDNN orders it anew in every call
        weight = torch.ops.mkldnn._reorder_linear_weight(weight, _ROWS)

    def forward(x: Tensor) -> Tensor:
        found: Tensor = multiply(x, weight, layer.bias, "none", [], "")
        return found

    return forward


def _seconds(work: Callable[[Tensor], Tensor], layer: nn.Linear) -> float:
    x = torch.ones(_ROWS, layer.in_features)
    try:
        work(x)
        return min(_timed(work, x) for _ in range(_TRIES))
    except RuntimeError:  # this build of PyTorch lacks it
        return float("inf")


def _timed(work: Callable[[Tensor], Tensor], x: Tensor) -> float:
    began = time.perf_counter()
    work(x)
    return time.perf_counter() - began
