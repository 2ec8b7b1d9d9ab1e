"""The key/value cache of all slots, over the `Cache` interface of `transformers`.

A row of the cache holds one text. A forward pass names the rows and positions that it is about; every layer
then writes its keys and values there and attends to the first `length` positions of those rows.

On the CPU all rows are reserved as addresses only: the system gives them memory, page by page, as texts grow, and
takes it back from a row that is emptied. On CUDA they are allocated at once.
"""

import mmap
from dataclasses import dataclass, field
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from transformers.cache_utils import Cache, CacheLayerMixin


@dataclass(slots=True)
class Window:
    """The part of the cache that a forward pass is about.

    rows [batch] is a slice when the rows lie together, so that attention reads the cache in place; row_index
    [batch, 1] and positions [batch, queries] say where new keys go; length is how many positions are seen. Texts
    that begin now are seen as they come, without reading back from the cache.
    """

    rows: slice | Tensor
    row_index: Tensor
    positions: Tensor
    length: int
    beginning: bool = False
    _places: dict[tuple[torch.Size, torch.device], Tensor] = field(default_factory=dict)

    def places(self, shape: torch.Size, device: torch.device) -> Tensor:
        """Where new keys and values go in a cache of `shape`, seen as a list: [batch x queries x 2 x heads].

        Worked out once for all layers that are alike.
        """
        found = self._places.get((shape, device))
        if found is None:
            _, slots, heads, stride, _ = shape
            head = torch.arange(heads, device=self.row_index.device)
            first = torch.cat(
                [(row * heads).unsqueeze(2) + head for row in (self.row_index, self.row_index + slots)], 2
            )
            found = (first * stride + self.positions.unsqueeze(2)).flatten().to(device)
            self._places[shape, device] = found
        return found


class SlotLayer(CacheLayerMixin):
    """One layer's keys and values: [2, slots, heads, positions, head size]; the last position is for padding."""

    is_compileable = False
    is_sliding = False

    def __init__(self, slots: int, positions: int, dtype: torch.dtype | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.slots = slots
        self.positions = positions
        self.window: Window | None = None
        self.both: Tensor | None = None
        self._wanted = dtype
        self._pages: mmap.mmap | None = None

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Allocate for heads like those of the given states, [batch, heads, queries, head size]."""
        if key_states.shape[1] != value_states.shape[1]:
            raise RuntimeError("keys and values differ in their heads")
        self.allocate(key_states.shape[1], key_states.shape[3], key_states.dtype, key_states.device)

    def allocate(self, heads: int, size: int, dtype: torch.dtype, device: torch.device) -> Tensor:
        """Reserve the rows, of `heads` key heads and as many of values; in `dtype`, unless another was wanted."""
        self.dtype, self.device = dtype, device = self._wanted or dtype, device
        shape = (2, self.slots, heads, self.positions + 1, size)
        if device.type == "cpu":
            self._pages = mmap.mmap(-1, prod(shape) * dtype.itemsize, **_PRIVATE)
            self.both = torch.frombuffer(self._pages, dtype=dtype).view(shape)
        else:
            self.both = torch.zeros(shape, dtype=dtype, device=device)
        self.keys, self.values = self.both
        self.is_initialized = True
        return self.both

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Write new keys and values where the window says; return those that it attends to."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        size, other = key_states.shape[3], value_states.shape[3]
        padded = value_states if other == size else nn.functional.pad(value_states, (0, size - other))
        self.write(torch.cat((key_states, padded), dim=1).transpose(1, 2).to(self.dtype))
        if self._looked_at().beginning:
            return key_states, value_states
        keys, values = (states.to(key_states.dtype) for states in self.seen())
        return keys, values[..., :other]

    def write(self, new: Tensor) -> None:
        """Put [batch x queries, key heads and then value heads, size] where the window says."""
        if self.both is None:
            raise RuntimeError("a layer's cache was written to before it was allocated")
        places = self._looked_at().places(self.both.shape, self.device)
        size = self.both.shape[4]
        self.both.view(-1, size).index_copy_(0, places, new.reshape(-1, size))

    def seen(self) -> tuple[Tensor, Tensor]:
        """The keys and the values that the window attends to, each [batch, heads, length, size]."""
        window = self._looked_at()
        if self.keys is None or self.values is None:
            raise RuntimeError("a layer's cache was read before it was allocated")
        return self.keys[window.rows, :, : window.length], self.values[window.rows, :, : window.length]

    def _looked_at(self) -> Window:
        if self.window is None:
            raise RuntimeError("a forward pass began without a window")
        return self.window

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another."""
        if self.both is not None:
            self.both[:, target, :, :length] = self.both[:, source, :, :length]

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows."""
        if self.both is not None:
            one, other = self.both[:, first, :, :length], self.both[:, second, :, :length]
            kept = one.clone()
            one.copy_(other)
            other.copy_(kept)

    def empty(self, row: int) -> None:
        """Give the memory of a row back to the system, where that can be done."""
        if self._pages is None or self.both is None or not hasattr(mmap, "MADV_DONTNEED"):
            return
        size = self.both[0, 0].numel() * self.both.element_size()
        for place in (row, self.slots + row):
            start = -(-place * size // mmap.PAGESIZE) * mmap.PAGESIZE
            length = (place + 1) * size // mmap.PAGESIZE * mmap.PAGESIZE - start
            if length > 0:
                self._pages.madvise(mmap.MADV_DONTNEED, start, length)

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Attended length and offset."""
        return (self.window.length if self.window else query_length), 0

    def get_seq_length(self) -> int:
        """Rows differ in length, so there is no answer; masks and positions are always given."""
        return 0

    def get_max_length(self) -> int:
        """Positions of a row."""
        return self.positions


_PRIVATE: dict[str, int] = (
    {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
)


class SlotCache(Cache):
    """All layers of the cache; all rows together hold `capacity` tokens at most, which their user sees to."""

    def __init__(
        self,
        layers: int,
        slots: int,
        positions: int,
        dtype: torch.dtype | None = None,
        capacity: int | None = None,
    ) -> None:
        self.slot_layers = [SlotLayer(slots, positions, dtype) for _ in range(layers)]
        super().__init__(layers=list(self.slot_layers))
        self.slots = slots
        self.positions = positions
        self.capacity = slots * positions if capacity is None else capacity

    @property
    def stands(self) -> bool:
        """Whether a first pass has allocated every layer."""
        return all(layer.is_initialized for layer in self.slot_layers)

    def look_at(self, window: Window) -> None:
        """Say what the next forward pass is about."""
        for layer in self.slot_layers:
            layer.window = window

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another, in every layer."""
        for layer in self.slot_layers:
            layer.copy(source, target, length)

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows, in every layer."""
        for layer in self.slot_layers:
            layer.swap(first, second, length)

    def empty(self, row: int) -> None:
        """Give the memory of a row back, in every layer."""
        for layer in self.slot_layers:
            layer.empty(row)
