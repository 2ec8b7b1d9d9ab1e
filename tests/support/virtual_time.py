"""An event loop whose clock jumps to the next timer: hours of waiting pass at once, and to the digit."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def in_virtual_time(work: Coroutine[Any, Any, Any]) -> Any:
    """What the work gives; it may wait for timers, not for other processes."""
    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(work)
