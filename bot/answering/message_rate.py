"""How many messages of one person are worked on in a minute, counted in this process before anything else is done."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.core import notices
from bot.core.notices import Notice

_WINDOW_SECONDS = 60.0
_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class TooMany:
    """A message that is not worked on; `notice` is None for a person who was told so already."""

    notice: Notice | None


class MessageRate:
    """Counts each person's messages of the last minute; `most` of 0 is any number.

    Quotas are kept in the database and count what the model is asked for; this one is there so that nobody
    can keep moderation and database busy for all others.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._people: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def take(self, person_id: int) -> TooMany | None:
        """Count one message; TooMany where it is more than there may be."""
        if not self._most:
            return None
        now, times = self._clock(), self._times_of(person_id)
        if len(times) < self._most or now - times[0] >= _WINDOW_SECONDS:
            times.append(now)
            self._told.discard(person_id)
            return None
        if person_id in self._told:
            return TooMany(None)
        self._told.add(person_id)
        return TooMany(notices.too_many(self._most, math.ceil(_WINDOW_SECONDS - (now - times[0]))))

    def _times_of(self, person_id: int) -> deque[float]:
        times = self._people.setdefault(person_id, deque(maxlen=self._most))
        self._people.move_to_end(person_id)
        if len(self._people) > _PEOPLE:
            forgotten, _times = self._people.popitem(last=False)
            self._told.discard(forgotten)
        return times
