"""How often a message may be edited, and when a shard may identify.

https://docs.discord.com/developers/topics/rate-limits
"""

import re
import time
from collections import OrderedDict
from types import SimpleNamespace

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
