"""Whether the engine's steps go on, for whoever asks from another thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STUCK_SECONDS = 60.0
"""No step takes as long as people wait for a whole answer."""
_FAILED_SECONDS = 60.0


class StepWatch:
    """Told of every step by the thread that takes them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self._failed: float | None = None

    @contextmanager
    def step(self) -> Iterator[None]:
        """Held while a step is taken; one that raises has failed."""
        self._began = self._clock()
        try:
            yield
            self._failed = None
        except BaseException:
            self._failed = self._clock()
            raise
        finally:
            self._began = None

    def fault(self) -> str:
        """What is wrong with them; "" for nothing.

        After a failed step the next one may go well, and it is only taken where somebody asks: so a fault is told for
        a while and not for ever.
        """
        now, began, failed = self._clock(), self._began, self._failed
        if began is not None and now - began > _STUCK_SECONDS:
            return "a step does not end"
        return "a step failed" if failed is not None and now - failed < _FAILED_SECONDS else ""
