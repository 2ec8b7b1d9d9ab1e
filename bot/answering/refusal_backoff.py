"""How refusals sound to somebody who goes on: full at first, then short, then not at all for a while."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.core import notices
from bot.core.notices import Notice

WINDOW_SECONDS = 600.0
FULL, SHORT = 2, 2
_PEOPLE = 10_000


class RefusalBackoff:
    """Counts each person's refused prompts; only refusals grow quieter, ordinary prompts are answered as ever."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused: OrderedDict[int, deque[float]] = OrderedDict()

    def tell(self, person_id: int, refusal: Notice) -> Notice | None:
        """What to say for one more refused prompt; None where the person was told that nothing more follows."""
        times = self._refused.setdefault(person_id, deque(maxlen=FULL + SHORT + 2))
        self._refused.move_to_end(person_id)
        if len(self._refused) > _PEOPLE:
            self._refused.popitem(last=False)
        now = self._clock()
        while times and now - times[0] > WINDOW_SECONDS:
            times.popleft()
        times.append(now)
        if len(times) <= FULL:
            return refusal
        if len(times) <= FULL + SHORT:
            return notices.REFUSED_AGAIN
        return notices.NO_MORE_REFUSALS if len(times) == FULL + SHORT + 1 else None
