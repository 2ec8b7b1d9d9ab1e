"""The texts that wait for a slot: bounded, and fair to the people who asked."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """First in, first out for each person; people take turns. Not safe between threads: its owner locks."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Item]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __iter__(self) -> Iterator[Item]:
        for items in self._waiting.values():
            yield from items

    def push(self, person: str, items: Iterable[Item]) -> None:
        """Append to what `person` waits for; someone new has their turn after everybody else."""
        self._waiting.setdefault(person, deque()).extend(items)

    def pop(self) -> Item:
        """The next item of the person whose turn it is; they go to the end. Raises KeyError when empty."""
        person, items = self._waiting.popitem(last=False)
        item = items.popleft()
        if items:
            self._waiting[person] = items
        return item

    def put_back(self, person: str, item: Item) -> None:
        """Undo the `pop` that gave `item`: it is the next one again."""
        items = self._waiting.setdefault(person, deque())
        items.appendleft(item)
        self._waiting.move_to_end(person, last=False)

    def remove(self, unwanted: Callable[[Item], bool]) -> list[Item]:
        """Take out every item that is `unwanted`, which is asked once of each."""
        removed: list[Item] = []
        for person, items in list(self._waiting.items()):
            kept: deque[Item] = deque()
            for item in items:
                (removed if unwanted(item) else kept).append(item)
            if kept:
                self._waiting[person] = kept
            else:
                del self._waiting[person]
        return removed

    def waiting(self, person: str) -> int:
        """How many items of `person` wait."""
        return len(self._waiting.get(person, ()))

    def position(self, person: str) -> int | None:
        """How many items are taken before the first of `person`; None when they wait for nothing."""
        try:
            return list(self._waiting).index(person)
        except ValueError:
            return None
