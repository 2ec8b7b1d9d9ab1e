"""Linear and embedding layers whose weights stay in groups of 32, multiplied by PyTorch's own kernels on the CPU.

For a few rows `_weight_int4pack_mm_for_cpu` reads 4-bit weights as they lie. Its scale and zero are those of `Groups`
up to their rounding to bfloat16, so no weight is quantised anew; a weight of 8 bits goes through it as two of 4. For
many rows it is the arithmetic that takes time, and a bfloat16 copy, in the order that oneDNN reads it in, is faster;
that copy is made when many rows first come. How many are many is measured once (`measure_few`).
"""

import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from genai.model.cpu.groups import GROUP, Groups

_ROWS = 64
"""The kernel's blocks of rows; a matrix is filled up to them."""
_BLOCKS = (64, 32)
"""Rows whose numbers lie interleaved, half of them in the low and half in the high bits: AVX512's and AVX2's order."""
_PART = 4096
_TRIED = (2, 4, 8, 16, 32)
_TRIES = 3
_NEVER = 1 << 30


class Policy:
    """Of how many rows a copy in bfloat16 takes over; shared by the layers of one model."""

    def __init__(self, few: int = 4) -> None:
        self.few = few


class Product:
    """Multiplies by one or more matrices, one below the other, that read the same input.

    packed [blocks of rows, columns / 2] in the kernel's own order; scale and minimum [rows, columns / 32].
    """

    def __init__(
        self, packed: Tensor, scale: Tensor, minimum: Tensor, bits: int, rows: int, policy: Policy
    ) -> None:
        self.packed, self.scale, self.minimum, self.bits, self.rows = packed, scale, minimum, bits, rows
        self.policy = policy
        self._scales = _kernel_scales(scale, minimum, bits)
        self._dense: Tensor | None = None

    @property
    def columns(self) -> int:
        """Inputs."""
        return self.scale.shape[1] * GROUP

    def __call__(self, x: Tensor) -> Tensor:
        """[batch, columns] bfloat16 to [batch, rows] bfloat16."""
        if x.shape[0] > self.policy.few:
            return self.by_copy(x)
        return self.by_kernel(x)

    def by_kernel(self, x: Tensor) -> Tensor:
        """With the weights as they lie packed."""
        multiply = torch.ops.aten._weight_int4pack_mm_for_cpu
        found: Tensor = multiply(x, self.packed, GROUP, self._scales)
        if self.bits == 8:
            half = found.shape[1] // 2
            found = found[:, :half] + found[:, half:]
        return found[:, : self.rows]

    def by_copy(self, x: Tensor) -> Tensor:
        """With a copy in bfloat16."""
        if self._dense is None:
            self._dense = torch.ops.mkldnn._reorder_linear_weight(self.values(torch.bfloat16), 32)
        found: Tensor = torch.ops.mkldnn._linear_pointwise(x, self._dense, None, "none", [], "")
        return found

    def values(self, dtype: torch.dtype) -> Tensor:
        """The weights [rows, columns]; made in parts, for what lies in between takes several times their room."""
        found = torch.empty(self.rows, self.columns, dtype=dtype)
        for start in range(0, self.rows, _PART):
            end = min(start + _PART, self.rows)
            part = Groups(
                self._numbers(start, end), self.scale[start:end], self.minimum[start:end], self.bits
            )
            found[start:end] = part.values(dtype)
        return found

    def _numbers(self, start: int, end: int) -> Tensor:
        if self.bits == 4:
            return unpack(self.packed[start : start + _PART])[: end - start]
        half = len(self.packed) // 2
        high, low = (
            unpack(self.packed[first + start : min(first + start + _PART, first + half)])
            for first in (0, half)
        )
        return (high * 16 + low)[: end - start]


def _kernel_scales(scale: Tensor, minimum: Tensor, bits: int) -> Tensor:
    """[columns / 32, rows, 2]: weight = (number - 8) * scale + zero, of a high half without the minimum."""
    if bits == 8:
        return torch.cat((_affine(scale * 16, minimum), _affine(scale, torch.zeros_like(scale))), dim=1)
    return _affine(scale, minimum)


def _affine(scale: Tensor, minimum: Tensor) -> Tensor:
    missing = -len(scale) % _ROWS
    pair = torch.stack((scale, minimum + 8 * scale), dim=2).to(torch.bfloat16)
    return nn.functional.pad(pair, (0, 0, 0, 0, 0, missing)).transpose(0, 1).contiguous()


def pack(groups: Groups) -> Tensor:
    """The numbers in the order of the kernel of this processor; those of 8 bits as their high halves, then the low."""
    numbers = nn.functional.pad(groups.numbers, (0, 0, 0, -len(groups.numbers) % _ROWS))
    if groups.bits == 8:
        numbers = torch.cat((numbers >> 4, numbers & 15))
    return _packed(numbers)


def unpack(packed: Tensor) -> Tensor:
    """Undo `pack` for numbers of 4 bits: [rows, columns] uint8."""
    rows, columns = packed.shape[0], 2 * packed.shape[1]
    for block in _BLOCKS:
        halves = packed.view(rows // block, columns, block // 2)
        numbers = torch.stack((halves & 15, halves >> 4), dim=1).transpose(2, 3).reshape(rows, columns)
        if torch.equal(_packed(numbers[:_ROWS]), packed[:_ROWS]):
            return numbers
    return _by_product(packed)


def _packed(numbers: Tensor) -> Tensor:
    found: Tensor = torch._convert_weight_to_int4pack_for_cpu(numbers.to(torch.int32), 1)
    return found


def _by_product(packed: Tensor) -> Tensor:
    """In whatever order they lie: the kernel's product with one is the number. Slow."""
    columns = 2 * packed.shape[1]
    ones = torch.ones(columns // GROUP, packed.shape[0], dtype=torch.bfloat16)
    multiply = torch.ops.aten._weight_int4pack_mm_for_cpu
    scales = torch.stack((ones, 8 * ones), dim=2)
    product: Tensor = multiply(torch.eye(columns, dtype=torch.bfloat16), packed, GROUP, scales)
    return product.t().to(torch.uint8).contiguous()


class _Joint:
    """Multiplies for several layers at once, as soon as the first of them is asked."""

    def __init__(self, product: Product, widths: Sequence[int]) -> None:
        self.product = product
        self._widths = list(widths)
        self._input: Tensor | None = None
        self._waiting: dict[int, Tensor] = {}

    def part(self, index: int, x: Tensor) -> Tensor:
        """What layer `index` makes of `x`. Nothing is kept once every layer has asked."""
        if x is not self._input or index not in self._waiting:
            found = self.product(x.reshape(-1, x.shape[-1]).to(torch.bfloat16)).to(x.dtype)
            self._input = x
            self._waiting = dict(enumerate(found.view(*x.shape[:-1], -1).split(self._widths, dim=-1)))
        found = self._waiting.pop(index)
        if not self._waiting:
            self._input = None
        return found


class GroupedLinear(nn.Linear):
    """A linear layer that is one of the parts of a product. Adapters take it for what it is, a linear layer."""

    def __init__(self, joint: _Joint, index: int, columns: int, rows: int, bias: Tensor | None) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features = columns, rows
        self.joint, self.index = joint, index
        self.weight = nn.Parameter(joint.product.packed, requires_grad=False)
        self.register_parameter("bias", None if bias is None else nn.Parameter(bias, requires_grad=False))

    @property
    def count(self) -> int:
        """Weights."""
        return self.in_features * self.out_features

    def forward(self, x: Tensor) -> Tensor:
        """[..., inputs] to [..., outputs], in the dtype of `x`."""
        found = self.joint.part(self.index, x)
        return found if self.bias is None else found + self.bias.to(found.dtype)


class GroupedEmbedding(nn.Embedding):
    """An embedding whose rows become plain numbers when they are looked up."""

    def __init__(self, groups: Groups, dtype: torch.dtype, padding: int | None) -> None:
        nn.Module.__init__(self)
        self.num_embeddings, self.embedding_dim = groups.numbers.shape
        self.padding_idx, self.groups, self.dtype = padding, groups, dtype
        self.weight = nn.Parameter(groups.numbers, requires_grad=False)

    @property
    def count(self) -> int:
        """Weights."""
        return self.num_embeddings * self.embedding_dim

    def forward(self, ids: Tensor) -> Tensor:
        """[...] to [..., width]."""
        flat, groups = ids.reshape(-1), self.groups
        rows = Groups(groups.numbers[flat], groups.scale[flat], groups.minimum[flat], groups.bits)
        return rows.values(self.dtype).view(*ids.shape, self.embedding_dim)


def layers_of(
    product: Product, widths: Sequence[int], biases: Sequence[Tensor | None]
) -> list[GroupedLinear]:
    """The layers whose matrices lie one below the other in `product`."""
    joint = _Joint(product, widths)
    return [
        GroupedLinear(joint, index, product.columns, width, bias)
        for index, (width, bias) in enumerate(zip(widths, biases, strict=True))
    ]


@torch.inference_mode()
def measure_few(products: Sequence[Product], room: int) -> int:
    """Rows up to which the packed weights are faster than copies of all of them, which may take `room` bytes.

    All layers are gone through in turn, as a step does: one layer alone would stay in the processor's cache.
    """
    copies = sum(2 * product.rows * product.columns for product in products)
    if copies > room or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return _NEVER
    few = 1
    for rows in _TRIED:
        if _seconds(Product.by_copy, products, rows) < _seconds(Product.by_kernel, products, rows):
            return few
        few = rows
    return few


def _seconds(work: Callable[[Product, Tensor], Tensor], products: Sequence[Product], rows: int) -> float:
    inputs = {
        product.columns: torch.ones(rows, product.columns, dtype=torch.bfloat16) for product in products
    }
    found = []
    for _ in range(_TRIES):
        began = time.perf_counter()
        for product in products:
            work(product, inputs[product.columns])
        found.append(time.perf_counter() - began)
    return min(found)
