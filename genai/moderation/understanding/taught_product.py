"""A product of the trunk's layers, with what was learned for moderation added to its matrix."""

import torch
from torch import Tensor
from torch.nn import functional

from genai.model.cpu.grouped import Policy, Product, pack
from genai.model.cpu.groups import Groups

_ROWS = 32
_STEP = 16
"""Rows are filled up to a multiple of this: for each number of rows oneDNN makes and keeps another program."""
_NEVER = 1 << 30


class Site:
    """A matrix that rows in bfloat16 are multiplied by, with what was learned added to it.

    Where the processor multiplies bfloat16 by itself, the matrix is held so, which takes twice the time off; else it
    stays in 4 bits and the addition is multiplied apart.
    """

    def __init__(self, weights: Groups, down: Tensor | None, up: Tensor | None) -> None:
        self._down, self._up = down, up
        self._dense: Tensor | None = None
        self._packed: Product | None = None
        if torch.ops.mkldnn._is_mkldnn_bf16_supported():
            values = weights.values()
            if down is not None and up is not None:
                values = values + up.float() @ down.float()
            self._dense = torch.ops.mkldnn._reorder_linear_weight(values.to(torch.bfloat16), _ROWS)
        else:
            rows = len(weights.numbers)
            self._packed = Product(pack(weights), weights.scale, weights.minimum, 4, rows, Policy(_NEVER))

    def __call__(self, x: Tensor) -> Tensor:
        """[rows, inputs] to [rows, outputs], both bfloat16."""
        if self._packed is None:
            full = functional.pad(x, (0, 0, 0, -len(x) % _STEP))
            found: Tensor = torch.ops.mkldnn._linear_pointwise(full, self._dense, None, "none", [], "")
            return found[: len(x)]
        found = self._packed(x)
        if self._down is None or self._up is None:
            return found
        return found + functional.linear(functional.linear(x, self._down), self._up)
