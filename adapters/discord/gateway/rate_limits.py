"""How often a message may be edited, and when a shard may identify.

https://docs.discord.com/developers/topics/rate-limits
"""

import asyncio
import logging
import re
import time
from collections import OrderedDict, defaultdict
from types import SimpleNamespace
from typing import TypedDict

import aiohttp

_EDIT = re.compile(r"/(?:channels/(\d+)/messages|webhooks/\d+/([^/]+)/messages)/[^/]+$")
_CHANNELS = 4096


class Pace:
    """What the headers of earlier edits said, by channel or interaction token."""

    def __init__(self, least_seconds: float) -> None:
        self._least = least_seconds
        self._seen: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def seconds(self, key: str) -> float:
        """How long to wait between two edits of a message in the channel or under the token `key`."""
        remaining, resets_at = self._seen.get(key, (1, 0.0))
        left = resets_at - time.monotonic()
        return max(self._least, left if remaining <= 0 else left / remaining)

    def note(self, path: str, headers: "aiohttp.typedefs.LooseHeaders | object") -> None:
        """Remember what an answer to an edit said; other requests are passed over."""
        found = _EDIT.search(path)
        get = getattr(headers, "get", None)
        if found is None or get is None or get("X-RateLimit-Remaining") is None:
            return
        key = found[1] or found[2]
        resets_at = time.monotonic() + float(get("X-RateLimit-Reset-After", "0"))
        self._seen[key] = (int(get("X-RateLimit-Remaining")), resets_at)
        self._seen.move_to_end(key)
        while len(self._seen) > _CHANNELS:
            self._seen.popitem(last=False)

    def trace(self) -> aiohttp.TraceConfig:
        """Listens to every request of a session."""
        config = aiohttp.TraceConfig()

        async def ended(
            _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            if params.method == "PATCH":
                self.note(params.url.path, params.response.headers)

        config.on_request_end.append(ended)
        return config


# When a shard may identify: one per 5 s for each of `max_concurrency` keys, and not beyond the day's limit.
#
# https://docs.discord.com/developers/events/gateway#sharding-max-concurrency


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
