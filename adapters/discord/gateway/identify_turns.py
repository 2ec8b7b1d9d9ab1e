"""When a shard may identify: one per 5 s for each of `max_concurrency` keys, and not beyond the day's limit.

https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
"""

import asyncio
import logging
from collections import defaultdict
from typing import TypedDict

log = logging.getLogger("riff.discord")

IDENTIFY_SECONDS = 5.1


class SessionStartLimit(TypedDict):
    """As `/gateway/bot` gives it; `reset_after` in milliseconds."""

    total: int
    remaining: int
    reset_after: int
    max_concurrency: int


class IdentifyTurns:
    """Hands out turns to identify; shards with different keys do not wait for each other."""

    def __init__(self) -> None:
        self._keys = 1
        self._remaining = 1
        self._reset_seconds = 0.0
        self._free_at: defaultdict[int, float] = defaultdict(float)
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def limit(self, limit: SessionStartLimit) -> None:
        """What Discord allows now."""
        self._keys = max(1, limit["max_concurrency"])
        self._remaining = limit["remaining"]
        self._reset_seconds = limit["reset_after"] / 1000

    async def turn(self, shard: int) -> None:
        """Wait until the shard may identify."""
        if self._remaining <= 0:
            log.error("Discord allows no further sessions for %.0f s; waiting.", self._reset_seconds)
            await asyncio.sleep(self._reset_seconds)
            self._remaining = 1
        self._remaining -= 1
        clock = asyncio.get_running_loop().time
        key = shard % self._keys
        async with self._locks[key]:
            await asyncio.sleep(max(0.0, self._free_at[key] - clock()))
            self._free_at[key] = clock() + IDENTIFY_SECONDS
