"""Who may use the database next: what a platform waits for goes before what a person waits for.

An acknowledgement is due within milliseconds, an answer within seconds; on one event loop and one SQLite writer
the many transactions of answers would otherwise stand in front of the few that keep new events.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_LINGER_SECONDS = 0.005
"""How long after urgent work the rest still waits, so that its results are sent and the next arrivals taken."""
_PATIENCE_SECONDS = 0.25
"""Longest that the rest waits for urgent work: without end to the arrivals, answers still go on."""


class WriteQueue:
    """One writer at a time on SQLite; on both databases one connection is kept free for urgent work."""

    def __init__(self, connections: int, *, one_writer: bool) -> None:
        self._seats = asyncio.Semaphore(max(1, connections - 1))
        self._one_writer = one_writer
        self._line = asyncio.Lock()  # where the rest queues, so that urgent work has one before it at most
        self._writer = asyncio.Lock()
        self._urgent = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @asynccontextmanager
    async def turn(self, *, writes: bool, urgent: bool) -> AsyncIterator[None]:
        """Waits for the turn and holds it."""
        if urgent:
            async with self.hurry(), self._maybe(self._writer, writes):
                yield
            return
        async with self._maybe(self._line, writes), self._seats:
            await self._wait_for_calm()
            async with self._maybe(self._writer, writes):
                yield

    @asynccontextmanager
    async def _maybe(self, lock: asyncio.Lock, writes: bool) -> AsyncIterator[None]:
        if not (writes and self._one_writer):
            yield
            return
        async with lock:
            yield

    @asynccontextmanager
    async def hurry(self) -> AsyncIterator[None]:
        """Holds back all that is not urgent and has not begun."""
        self._urgent += 1
        self._calm.clear()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._slow_down)

    def _slow_down(self) -> None:
        self._urgent -= 1
        if not self._urgent:
            self._calm.set()

    async def _wait_for_calm(self) -> None:
        if not self._calm.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._calm.wait()
