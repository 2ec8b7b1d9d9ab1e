"""Remembers what the trunk made of texts, for those that begin like them: a reply that grows, piece by piece."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

_FEWEST = 8
"""Tokens that a beginning must share to be worth going on from."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A text's tokens, its keys and values [layers, 2, tokens, heads, size], and its states [tokens, width]."""

    tokens: tuple[int, ...]
    keys_values: Tensor
    states: Tensor

    def until(self, count: int) -> "Known":
        """Its first tokens; nothing is copied."""
        return Known(self.tokens[:count], self.keys_values[:, :, :count], self.states[:count])


class Memory:
    """Holds the texts that were met last, of `capacity` tokens together. Not for concurrent use."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._known: OrderedDict[tuple[int, ...], Known] = OrderedDict()
        self._held = 0

    def begun(self, tokens: Sequence[int]) -> Known | None:
        """The longest beginning of `tokens` that is known."""
        wanted = tuple(tokens)
        best, longest = None, _FEWEST - 1
        for one in self._known.values():
            if one.tokens[:_FEWEST] == wanted[:_FEWEST] and (common := _common(one.tokens, wanted)) > longest:
                best, longest = one, common
        if best is None:
            return None
        self._known.move_to_end(best.tokens)
        return best.until(longest)

    def remember(self, known: Known) -> None:
        """Hold one more; what it goes on from, and what was met longest ago, is let go."""
        tokens = known.tokens
        if len(tokens) > self._capacity:
            return
        for other in [one for one in self._known if one == tokens[: len(one)]]:
            self._forget(other)
        self._known[tokens] = known
        self._held += len(tokens)
        while self._held > self._capacity:
            self._forget(next(iter(self._known)))

    def _forget(self, tokens: tuple[int, ...]) -> None:
        del self._known[tokens]
        self._held -= len(tokens)


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Tokens at their beginning that are alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
