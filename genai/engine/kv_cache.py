"""The key/value cache of all slots, allocated once, over the `Cache` interface of `transformers`.

A row of the cache holds one text. A forward pass names the rows and positions that it is about; every layer
then writes its keys and values there and attends to the first `length` positions of those rows.
"""

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor
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
    _places: dict[tuple[int, int, torch.device], Tensor] = field(default_factory=dict)

    def places(self, heads: int, stride: int, device: torch.device) -> Tensor:
        """Where new keys go in a cache seen as [rows x heads x stride]: [batch x heads x queries].

        Worked out once for all layers that are alike.
        """
        found = self._places.get((heads, stride, device))
        if found is None:
            head = torch.arange(heads, device=self.row_index.device).view(1, heads, 1)
            first = (self.row_index.unsqueeze(1) * heads + head) * stride
            found = (first + self.positions.unsqueeze(1)).flatten().to(device)
            self._places[heads, stride, device] = found
        return found


class SlotLayer(CacheLayerMixin):
    """One layer's keys and values, [slots, heads, positions, head size], and one position for padding."""

    is_compileable = False
    is_sliding = False

    def __init__(self, slots: int, positions: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.slots = slots
        self.positions = positions
        self.window: Window | None = None

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Allocate for heads like those of the given states, [batch, heads, queries, head size]."""
        self.dtype, self.device = key_states.dtype, key_states.device
        self.keys = self._allocate(key_states)
        self.values = self._allocate(value_states)
        self.is_initialized = True

    def _allocate(self, states: Tensor) -> Tensor:
        shape = (self.slots, states.shape[1], self.positions + 1, states.shape[3])
        if states.device.type != "cpu":
            return torch.zeros(shape, dtype=states.dtype, device=states.device)
        # NumPy asks the system for huge pages: attention over many short rows is then a fifth faster. They are
        # filled now, because a page costs most when it is first written to, and nobody waits yet.
        size = prod(shape) * states.element_size()
        return torch.from_numpy(np.empty(size, dtype=np.uint8)).view(states.dtype).view(shape).fill_(0)

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Write new keys and values where the window says; return those that it attends to."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        window = self.window
        if window is None or self.keys is None or self.values is None:
            raise RuntimeError("a forward pass began without a window")
        _, heads, stride, _ = self.keys.shape
        places = window.places(heads, stride, self.device)
        for kept, new in ((self.keys, key_states), (self.values, value_states)):
            size = kept.shape[3]
            kept.view(-1, size).index_copy_(0, places, new.reshape(-1, size))
        if window.beginning:
            return key_states, value_states
        return self.keys[window.rows, :, : window.length], self.values[window.rows, :, : window.length]

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another."""
        for states in (self.keys, self.values):
            if states is not None:
                states[target, :, :length] = states[source, :, :length]

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows."""
        for states in (self.keys, self.values):
            if states is not None:
                one, other = states[first, :, :length], states[second, :, :length]
                kept = one.clone()
                one.copy_(other)
                other.copy_(kept)

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Attended length and offset."""
        return (self.window.length if self.window else query_length), 0

    def get_seq_length(self) -> int:
        """Rows differ in length, so there is no answer; masks and positions are always given."""
        return 0

    def get_max_length(self) -> int:
        """Positions of a row."""
        return self.positions


class SlotCache(Cache):
    """All layers of the cache."""

    def __init__(self, layers: int, slots: int, positions: int) -> None:
        self._slot_layers = [SlotLayer(slots, positions) for _ in range(layers)]
        super().__init__(layers=list(self._slot_layers))
        self.slots = slots
        self.positions = positions

    @property
    def stands(self) -> bool:
        """Whether a first pass has allocated every layer."""
        return all(layer.is_initialized for layer in self._slot_layers)

    def look_at(self, window: Window) -> None:
        """Say what the next forward pass is about."""
        for layer in self._slot_layers:
            layer.window = window

    def copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` positions of one row to another, in every layer."""
        for layer in self._slot_layers:
            layer.copy(source, target, length)

    def swap(self, first: int, second: int, length: int) -> None:
        """Exchange the first `length` positions of two rows, in every layer."""
        for layer in self._slot_layers:
            layer.swap(first, second, length)
