"""Who may ask a server now, and who waits: so many texts at the same time, fair to people."""

import asyncio
import time
from dataclasses import dataclass, field

from genai.engine.fair_queue import FairQueue
from genai.errors import Busy
from genai.request import Load

_FIRST_GUESS_SECONDS = 5.0
_SMOOTHING = 0.2
"""Weight of the latest text in the running mean of how long a text takes."""


@dataclass(eq=False, slots=True)
class Ticket:
    """One text's place; `turn` is done once it may be written, at `began`."""

    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    began: float | None = None


class Admission:
    """Lets `slots` texts be written at the same time, and `limit` wait."""

    def __init__(self, slots: int, limit: int) -> None:
        self._free = self._slots = slots
        self._limit = limit
        self._queue: FairQueue[Ticket] = FairQueue()
        self._seconds_per_text = _FIRST_GUESS_SECONDS

    def enter(self, person: str, count: int) -> list[Ticket]:
        """Places for `count` texts of `person`. Raises Busy when too many wait."""
        if (waiting := self._in_the_way(person, count)) > 0:
            raise Busy(self._seconds_until(waiting))
        tickets = [Ticket() for _ in range(count)]
        self._queue.push(person, tickets)
        self._admit()
        return tickets

    def leave(self, ticket: Ticket) -> None:
        """Give a place back, whether its turn had come or not."""
        if ticket.began is None:
            self._queue.remove(lambda one: one is ticket)
            return
        taken = time.monotonic() - ticket.began
        self._seconds_per_text += _SMOOTHING * (taken - self._seconds_per_text)
        ticket.began = None
        self._free += 1
        self._admit()

    def load(self) -> Load:
        """How many are written, and wait."""
        return Load(self._slots - self._free, self._slots, len(self._queue))

    def position(self, person: str) -> int | None:
        """How many texts are begun before the next one of `person`; None when none of theirs waits."""
        return self._queue.position(person)

    def seconds(self, person: str) -> float | None:
        """An estimate of when the next text of `person` is begun; None when none of theirs waits."""
        position = self._queue.position(person)
        return None if position is None else self._seconds_until(position + 1)

    def _admit(self) -> None:
        while self._free and self._queue:
            ticket = self._queue.pop()
            ticket.began = time.monotonic()
            self._free -= 1
            if not ticket.turn.done():
                ticket.turn.set_result(None)

    def _in_the_way(self, person: str, count: int) -> int:
        """How many texts must be begun before `count` more may wait; as in the engine, half for each person."""
        own, waiting = self._queue.waiting(person), len(self._queue)
        over_own = own + count - self._limit // 2 if person and own else 0
        return max(over_own, waiting + count - self._limit if waiting else 0)

    def _seconds_until(self, texts: int) -> float:
        return self._seconds_per_text * texts / self._slots
