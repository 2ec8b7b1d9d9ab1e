"""Who waits for a slot: bounded, fair, and with an estimate for everybody."""

from collections.abc import Callable, Iterator

from genai.engine.fair_queue import FairQueue
from genai.engine.sequence import Sequence
from genai.errors import Busy
from genai.request import FinishReason

_FIRST_GUESS_SECONDS = 5.0
_SMOOTHING = 0.2
"""Weight of the latest text in the running mean of how long a text takes."""


class Scheduler:
    """At most `limit` texts, of one person at most half of them. Not safe between threads: its owner locks."""

    def __init__(self, limit: int, slots: int) -> None:
        self._limit = limit
        self._slots = slots
        self._queue: FairQueue[Sequence] = FairQueue()
        self._seconds_per_text = _FIRST_GUESS_SECONDS

    def __len__(self) -> int:
        return len(self._queue)

    def __iter__(self) -> Iterator[Sequence]:
        return iter(self._queue)

    def enter(self, sequences: list[Sequence]) -> None:
        """Queue the candidates of one request. Raises Busy."""
        person = sequences[0].job.person
        if (in_the_way := self._in_the_way(person, len(sequences))) > 0:
            raise Busy(self._seconds_until(in_the_way))
        self._queue.push(person, sequences)

    def next(self) -> Sequence:
        """Whose turn it is. Raises KeyError when nobody waits."""
        return self._queue.pop()

    def put_back(self, sequence: Sequence) -> None:
        """It was its turn, but there is no room yet."""
        self._queue.put_back(sequence.job.person, sequence)

    def remove(
        self, unwanted: Callable[[Sequence], FinishReason | None]
    ) -> list[tuple[Sequence, FinishReason]]:
        """Take out those for which there is a reason; each with its reason."""
        reasons: list[tuple[Sequence, FinishReason]] = []

        def noted(sequence: Sequence) -> bool:
            if (reason := unwanted(sequence)) is None:
                return False
            reasons.append((sequence, reason))
            return True

        self._queue.remove(noted)
        return reasons

    def learn(self, seconds: float) -> None:
        """A text took `seconds` from its slot to its end."""
        self._seconds_per_text += _SMOOTHING * (seconds - self._seconds_per_text)

    def position(self, person: str) -> int | None:
        """How many texts are begun before the next one of `person`; None when none of theirs waits."""
        return self._queue.position(person)

    def seconds(self, person: str) -> float | None:
        """An estimate of when the next text of `person` is begun; None when none of theirs waits."""
        position = self._queue.position(person)
        return None if position is None else self._seconds_until(position + 1)

    def _in_the_way(self, person: str, count: int) -> int:
        """How many texts must be begun before `count` more of `person` may wait; 0 when they may now.

        Someone whose name is known may fill half of the queue, so that others always find room in it.
        """
        own, waiting = self._queue.waiting(person), len(self._queue)
        over_own = own + count - self._limit // 2 if person and own else 0
        over_all = waiting + count - self._limit if waiting else 0
        return max(over_own, over_all)

    def _seconds_until(self, texts: int) -> float:
        return self._seconds_per_text * texts / self._slots
