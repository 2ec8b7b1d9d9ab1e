"""Takes GGUF's blocks apart into groups of 32 weights, exactly where their form allows it.

Q4_0, Q4_1, Q4_K and Q8_0 are small whole numbers times a scale plus a minimum, for every 32 weights, so they become
`Groups` with no weight changed. Other kinds have other forms; their values are given as plain numbers.
"""

import numpy as np
import torch
from gguf.constants import GGMLQuantizationType as Kind
from gguf.quants import dequantize
from torch import Tensor

from genai.errors import BadCheckpoint
from genai.model.cpu.groups import GROUP, Groups
from genai.model.gguf.header import GgufFile

EXACT = frozenset({Kind.Q4_0, Kind.Q4_1, Kind.Q4_K, Kind.Q8_0})
"""Kinds of which `groups` takes every weight as it is stored."""
PLAIN = frozenset({Kind.F32, Kind.F16, Kind.BF16})
_PART = 1 << 22
"""Weights that are converted at a time, for what lies in between takes many times their room."""


def values(file: GgufFile, name: str) -> Tensor:
    """A tensor's weights, float32. Raises BadCheckpoint for a kind that cannot be read."""
    tensor = file.tensors[name]
    try:
        if tensor.kind is Kind.F32:
            found = file.blocks(name).view(np.float32).copy()
        else:
            found = dequantize(file.blocks(name), tensor.kind).astype(np.float32, copy=False)
    except NotImplementedError as error:
        raise BadCheckpoint(
            f"{file.path.name} holds weights as {tensor.kind.name}, which I cannot read; get it as Q4_1 or Q8_0."
        ) from error
    return torch.from_numpy(np.ascontiguousarray(found)).view(tensor.shape)


def groups(file: GgufFile, name: str) -> Groups:
    """A matrix of one of the `EXACT` kinds, unchanged."""
    tensor = file.tensors[name]
    read = {Kind.Q4_0: _q4_0, Kind.Q4_1: _q4_1, Kind.Q4_K: _q4_k, Kind.Q8_0: _q8_0}[tensor.kind]
    rows, columns = tensor.shape
    data = torch.from_numpy(np.array(file.blocks(name)))
    parts = [read(part, columns) for part in data.split(max(1, _PART // columns))]
    numbers, scale, minimum = (torch.cat(column) for column in zip(*parts, strict=True))
    shape = rows, columns // GROUP
    bits = 8 if tensor.kind is Kind.Q8_0 else 4
    return Groups(numbers.view(rows, columns), scale.view(shape), minimum.view(shape), bits)


Parts = tuple[Tensor, Tensor, Tensor]


def _half(data: Tensor) -> Tensor:
    """Two bytes each as a float16, [..., 1]."""
    return data.contiguous().view(torch.float16).float()


def _nibbles(data: Tensor) -> Tensor:
    """The low halves of the bytes, then the high ones."""
    return torch.cat((data & 15, data >> 4), dim=-1)


def _q4_0(rows: Tensor, columns: int) -> Parts:
    blocks = rows.view(len(rows), columns // GROUP, -1)
    scale = _half(blocks[..., :2])
    return _nibbles(blocks[..., 2:]).reshape(len(rows), -1), scale, -8 * scale


def _q4_1(rows: Tensor, columns: int) -> Parts:
    blocks = rows.view(len(rows), columns // GROUP, -1)
    scale, minimum = _half(blocks[..., :2]), _half(blocks[..., 2:4])
    return _nibbles(blocks[..., 4:]).reshape(len(rows), -1), scale, minimum


def _q8_0(rows: Tensor, columns: int) -> Parts:
    blocks = rows.view(len(rows), columns // GROUP, -1)
    scale = _half(blocks[..., :2])
    return (blocks[..., 2:] ^ 128).reshape(len(rows), -1), scale, -128 * scale


def _q4_k(rows: Tensor, columns: int) -> Parts:
    """Eight groups share two float16; each has 6 bits of scale and of minimum, spread over twelve bytes."""
    blocks = rows.view(len(rows), columns // (8 * GROUP), -1)
    low, high, mixed = blocks[..., 4:8], blocks[..., 8:12], blocks[..., 12:16]
    scales = torch.cat((low & 63, (mixed & 15) | (low >> 6 << 4)), dim=-1)
    minima = torch.cat((high & 63, (mixed >> 4) | (high >> 6 << 4)), dim=-1)
    numbers = _nibbles(blocks[..., 16:].unflatten(-1, (4, GROUP)))
    return (
        numbers.reshape(len(rows), -1),
        (_half(blocks[..., :2]) * scales).reshape(len(rows), -1),
        (-_half(blocks[..., 2:4]) * minima).reshape(len(rows), -1),
    )


def rows_of_halves(matrix: Tensor, heads: int) -> Tensor:
    """Undo the order in which llama.cpp keeps the rows of a Llama's query and key matrices.

    It rotates neighbouring numbers of a head, `transformers` number i and the one half a head behind it. Works on
    anything whose first axis is rows, the blocks of a packed matrix included.
    """
    pairs = matrix.reshape(heads, matrix.shape[0] // heads // 2, 2, *matrix.shape[1:])
    return pairs.swapaxes(1, 2).reshape(matrix.shape)
