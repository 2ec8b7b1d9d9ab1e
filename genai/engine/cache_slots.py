"""Who has which row of the cache, and what each row still holds. Keeps the rows that decode together."""

from typing import Any

from genai.engine.scorer import RowStore
from genai.engine.sequence import Sequence


class SlotTable:
    """Rows 0..n-1 belong to the `decoding` sequences, in order, so that attention reads them in place.

    A row keeps its tokens after its sequence has left; a later prompt that begins alike (a system prompt, a
    profile, the conversation so far) copies what the row has computed of them. So the free rows are a cache of
    prefixes, of which the least recently used is given away first. It is also emptied first when the texts that
    are being written need the memory.
    """

    def __init__(self, cache: RowStore) -> None:
        self._cache = cache
        self._owners: list[Sequence | None] = [None] * cache.slots
        self._held: list[list[int]] = [[] for _ in range(cache.slots)]
        self._adapters = [""] * cache.slots
        self._used = [0] * cache.slots
        self._written = [0] * cache.slots
        self._clock = 0
        self.decoding: list[Sequence] = []
        self.reading: list[Sequence] = []

    def __len__(self) -> int:
        return len(self.decoding) + len(self.reading)

    @property
    def live(self) -> list[Sequence]:
        """The sequences that have a row."""
        return [*self.decoding, *self.reading]

    @property
    def free(self) -> int:
        """Rows without an owner."""
        return len(self._owners) - len(self)

    @property
    def slots(self) -> int:
        """All rows."""
        return len(self._owners)

    @property
    def used(self) -> int:
        """Tokens that rows with an owner hold."""
        return sum(
            len(held) for held, owner in zip(self._held, self._owners, strict=True) if owner is not None
        )

    @property
    def capacity(self) -> int:
        """Tokens that there is room for."""
        return self._cache.capacity

    def has_room_for(self, sequence: Sequence) -> bool:
        """Whether `sequence` can be written to its end beside those that have a row, if theirs go on to the end.

        A text that is alone always has room: none is longer than the whole cache.
        """
        reserved = sum(self._reserved(row) for row, owner in enumerate(self._owners) if owner is not None)
        return not len(self) or reserved + _rounded(sequence.longest) <= self._cache.capacity

    def admit(self, sequence: Sequence) -> None:
        """Give `sequence` a row, with as much of its prompt as some row already holds."""
        source, common = self._longest_prefix(sequence)
        # A row that holds no more than the prompt, or the prompt and an old answer, is taken as it is.
        alike = common in (len(self._held[source]), sequence.shareable)
        row = source if alike and self._owners[source] is None else self._least_used()
        if row != source or not common:
            self._empty(row)
        if row != source and common:
            self._cache.copy(source, row, common)
        self._owners[row] = sequence
        self._adapters[row] = sequence.job.adapter
        self._touch(source)
        sequence.row, sequence.cached = row, common
        self._held[row] = sequence.tokens[:common]
        self.reading.append(sequence)
        self._make_room()

    def reuse(self, sequence: Sequence) -> None:
        """Copy what other rows have read of the prompt of `sequence` since it was admitted."""
        source, common = self._longest_prefix(sequence)
        if common > sequence.cached:
            self._cache.copy(source, sequence.row, common)
            self.advance(sequence, common)

    def advance(self, sequence: Sequence, cached: int) -> None:
        """Note that the first `cached` tokens of `sequence` are in its row."""
        sequence.cached = cached
        self._held[sequence.row] = sequence.tokens[:cached]
        self._written[sequence.row] = max(self._written[sequence.row], cached)

    def start_decoding(self, sequence: Sequence) -> None:
        """Move `sequence` behind the rows that decode."""
        self.reading.remove(sequence)
        self._exchange(sequence.row, len(self.decoding))
        self.decoding.append(sequence)

    def release(self, sequence: Sequence) -> None:
        """Take the row away from `sequence`, and close the gap that it leaves."""
        self._held[sequence.row] = sequence.tokens[: sequence.cached]
        self._written[sequence.row] = max(self._written[sequence.row], sequence.cached)
        self._touch(sequence.row)
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
        live = self.live
        self._owners = [None] * len(self._owners)
        self._held = [[] for _ in self._held]
        self.decoding, self.reading = [], []
        return live

    def _exchange(self, first: int, second: int) -> None:
        if first == second:
            return
        length = max(self._filled(first), self._filled(second))
        self._cache.swap(first, second, length)
        for row in (first, second):
            self._written[row] = max(self._written[row], length)
        columns: tuple[list[Any], ...] = (self._owners, self._held, self._adapters, self._used)
        for column in columns:
            column[first], column[second] = column[second], column[first]
        for row in (first, second):
            owner = self._owners[row]
            if owner is not None:
                owner.row = row

    def _filled(self, row: int) -> int:
        owner = self._owners[row]
        return len(self._held[row]) if owner is None else owner.cached

    def forget(self, adapter: str) -> None:
        """What rows hold of texts of `adapter` means nothing any more."""
        for row, name in enumerate(self._adapters):
            if name == adapter:
                self._held[row] = []

    def _reserved(self, row: int) -> int:
        """Tokens for which a row needs memory, or will."""
        owner = self._owners[row]
        return _rounded(max(self._written[row], owner.longest if owner is not None else 0))

    def _make_room(self) -> None:
        """Empty free rows, the least recently used first, until all texts can be written to their ends."""
        free = [row for row, owner in enumerate(self._owners) if owner is None and self._written[row]]
        free.sort(key=self._used.__getitem__)
        excess = sum(map(self._reserved, range(len(self._owners)))) - self._cache.capacity
        for row in free:
            if excess <= 0:
                return
            excess -= self._reserved(row)
            self._empty(row)

    def _empty(self, row: int) -> None:
        if self._written[row]:
            self._cache.empty(row)
        self._written[row] = 0
        self._held[row] = []

    def _touch(self, row: int) -> None:
        self._clock += 1
        self._used[row] = self._clock

    def _least_used(self) -> int:
        free = [row for row, owner in enumerate(self._owners) if owner is None]
        return min(free, key=self._used.__getitem__)

    def _longest_prefix(self, sequence: Sequence) -> tuple[int, int]:
        """The row that begins most like `sequence`, and how many tokens they share of those that may be."""
        lengths = [
            common_length(held, sequence.tokens, sequence.shareable) if adapter == sequence.job.adapter else 0
            for held, adapter in zip(self._held, self._adapters, strict=True)
        ]
        longest = max(lengths)
        return lengths.index(longest), longest


_PAGE = 32
"""Tokens for which memory is given at a time, about."""


def _rounded(tokens: int) -> int:
    return -(-tokens // _PAGE) * _PAGE


def common_length(first: list[int], second: list[int], limit: int) -> int:
    """How many tokens both begin with, at most `limit`; halves what is compared, so that Python compares lists."""
    low, high = 0, min(limit, len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
