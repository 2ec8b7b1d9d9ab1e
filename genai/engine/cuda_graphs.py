"""Replays decode steps as CUDA graphs: a GPU then waits for no Python between two kernels of a step.

A graph computes fixed shapes from fixed places in memory. So steps are rounded up to a power of two of rows and to
a multiple of `_LENGTH` positions, and their inputs are copied to where the graph of that size reads them. Rows
that fill a step up write to the place for padding and are not looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Step:
    """Inputs of one forward pass on rows of the cache: `tokens` and the positions `written` [batch, width].

    `rows` is a slice when the rows lie together; `row_index` [batch, 1]; `length` positions are seen. After which
    places in the flat list of tokens logits are wanted, if not after the last of each row: `scored`.
    """

    tokens: Tensor
    written: Tensor
    rows: slice | Tensor
    row_index: Tensor
    length: int
    scored: Tensor | None = None


class Recorder(Protocol):
    """Turns work on fixed tensors into something that repeats it and gives the same (refilled) result."""

    def __call__(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """Record `work`."""


def record_cuda_graph(work: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """Capture `work` as a CUDA graph, after trying it on a side stream as PyTorch's notes on graphs ask."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(2):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        found = work()

    def replay() -> Tensor:
        graph.replay()
        return found

    return replay


class Graphs:
    """Decode steps of the rows 0..n-1, recorded once for each rounded size."""

    def __init__(self, run: Callable[[Step], Tensor], slots: int, positions: int, recorder: Recorder) -> None:
        self._run = run
        self._slots = slots
        self._positions = positions
        self._record = recorder
        self._recorded: dict[tuple[int, int], tuple[Step, Callable[[], Tensor]]] = {}

    def __call__(self, step: Step) -> Tensor:
        """The same logits [batch, vocabulary] as `run` gives for `step`."""
        rows = step.tokens.shape[0]
        size = min(self._slots, 1 << (rows - 1).bit_length())
        length = min(self._positions, -(-step.length // _LENGTH) * _LENGTH)
        if (size, length) not in self._recorded:
            fixed = self._fixed(size, length, step.tokens.device)
            self._recorded[size, length] = fixed, self._record(lambda: self._run(fixed))
        fixed, replay = self._recorded[size, length]
        fixed.tokens[:rows].copy_(step.tokens)
        fixed.written[:rows].copy_(step.written)
        fixed.written[rows:].fill_(self._positions)
        return replay()[:rows].clone()

    def _fixed(self, size: int, length: int, device: torch.device) -> Step:
        return Step(
            tokens=torch.zeros(size, 1, dtype=torch.long, device=device),
            written=torch.full((size, 1), self._positions, device=device),
            rows=slice(0, size),
            row_index=torch.arange(size, device=device).unsqueeze(1),
            length=length,
        )
