"""One answer at a time in each thread, and a bound on how many prompts are worked on at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from genai.errors import Busy

_SECONDS_PER_PROMPT = 2.0


class ThreadLocks:
    """Hands out turns; a thread's messages take theirs in the order of arrival."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, conversation_id: int) -> AsyncIterator[None]:
        """A turn in the conversation; raises Busy at once when too many prompts are under way."""
        if self._waiting >= self._most:
            raise Busy(seconds=self._waiting * _SECONDS_PER_PROMPT)
        self._waiting += 1
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            self._waiting -= 1
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = (lock, users - 1)
