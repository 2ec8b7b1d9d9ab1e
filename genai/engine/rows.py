"""Who has which row of the cache, and what each row still holds. Keeps the rows that decode together."""

from collections.abc import Sequence as Tokens

from genai.engine.scorer import RowStore
from genai.engine.sequence import Sequence


class RowTable:
    """Rows 0..n-1 belong to the `decoding` sequences, in order, so that attention reads them in place.

    A row keeps its tokens after its sequence has left; a later prompt that begins alike copies them.
    """

    def __init__(self, cache: RowStore) -> None:
        self._cache = cache
        self._owners: list[Sequence | None] = [None] * cache.slots
        self._held: list[Tokens[int]] = [()] * cache.slots
        self.decoding: list[Sequence] = []
        self.reading: list[Sequence] = []

    def __len__(self) -> int:
        return len(self.decoding) + len(self.reading)

    @property
    def free(self) -> int:
        """Rows without an owner."""
        return len(self._owners) - len(self)

    def admit(self, sequence: Sequence) -> None:
        """Give `sequence` a row, with as much of its prompt as some row already holds."""
        source, common = self._longest_prefix(sequence.tokens)
        row = source if self._owners[source] is None else self._owners.index(None)
        if row != source and common:
            self._cache.copy(source, row, common)
        self._owners[row] = sequence
        sequence.row, sequence.cached = row, common
        self._held[row] = sequence.tokens[:common]
        self.reading.append(sequence)

    def reuse(self, sequence: Sequence) -> None:
        """Copy what other rows have read of the prompt of `sequence` since it was admitted."""
        source, common = self._longest_prefix(sequence.tokens)
        if common > sequence.cached:
            self._cache.copy(source, sequence.row, common)
            self.advance(sequence, common)

    def advance(self, sequence: Sequence, cached: int) -> None:
        """Note that the first `cached` tokens of `sequence` are in its row."""
        sequence.cached = cached
        self._held[sequence.row] = sequence.tokens[:cached]

    def start_decoding(self, sequence: Sequence) -> None:
        """Move `sequence` behind the rows that decode."""
        self.reading.remove(sequence)
        self._exchange(sequence.row, len(self.decoding))
        self.decoding.append(sequence)

    def release(self, sequence: Sequence) -> None:
        """Take the row away from `sequence`, and close the gap that it leaves."""
        self._held[sequence.row] = tuple(sequence.tokens[: sequence.cached])
        if sequence in self.reading:
            self.reading.remove(sequence)
        else:
            last = len(self.decoding) - 1
            moved = self.decoding[last]
            self.decoding[sequence.row] = moved
            self._exchange(sequence.row, last)
            self.decoding.pop()
        self._owners[sequence.row] = None

    def clear(self) -> list[Sequence]:
        """Take away every row and forget what it holds; the sequences that had one."""
        live = [*self.decoding, *self.reading]
        self._owners = [None] * len(self._owners)
        self._held = [()] * len(self._held)
        self.decoding, self.reading = [], []
        return live

    def _exchange(self, first: int, second: int) -> None:
        if first == second:
            return
        self._cache.swap(first, second, max(self._filled(first), self._filled(second)))
        owners, held = self._owners, self._held
        owners[first], owners[second] = owners[second], owners[first]
        held[first], held[second] = held[second], held[first]
        for row in (first, second):
            owner = owners[row]
            if owner is not None:
                owner.row = row

    def _filled(self, row: int) -> int:
        owner = self._owners[row]
        return len(self._held[row]) if owner is None else owner.cached

    def _longest_prefix(self, tokens: Tokens[int]) -> tuple[int, int]:
        """The row that begins most like `tokens`, and how many tokens before the last one they share."""
        usable = len(tokens) - 1
        lengths = [_common(held, tokens, usable) for held in self._held]
        longest = max(lengths)
        return lengths.index(longest), longest


def _common(first: Tokens[int], second: Tokens[int], limit: int) -> int:
    limit = min(limit, len(first))
    for index in range(limit):
        if first[index] != second[index]:
            return index
    return limit
