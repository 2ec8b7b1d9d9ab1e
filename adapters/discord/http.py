"""discord.py's HTTP client with what Riff needs of it: another address, the global limit kept, lost lines.

Rate-limit buckets are discord.py's own business: it sends nothing before a bucket allows.
https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
"""

import asyncio
import logging
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

log = logging.getLogger("riff.discord")

_REQUESTS_PER_SECOND = 40
"""Ten below Discord's global limit, which it only tells by refusing: requests may bunch on their way."""
_ATTEMPTS = 4


def is_tokenless(path: str) -> bool:
    """Whether requests there carry an interaction's token and not the bot's: they are outside its global limit.

    https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints
    """
    return path.startswith(("/interactions/", "/webhooks/"))


async def leave_out_token(
    _: aiohttp.ClientSession, __: object, params: aiohttp.TraceRequestStartParams
) -> None:
    """Listens to requests that begin: the bot's token stays out of those that do not need it."""
    if is_tokenless(params.url.path.removeprefix(urlsplit(Route.BASE).path)):
        params.headers.popall("Authorization", None)


class GlobalLimit:
    """At most so many requests start in any second."""

    def __init__(self, per_second: int = _REQUESTS_PER_SECOND) -> None:
        self._most = per_second
        self._starts: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more request may start; who came first goes first."""
        clock = asyncio.get_running_loop().time
        async with self._turn:
            while len(self._starts) >= self._most:
                wait = self._starts[0] + 1.0 - clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                self._starts.popleft()
            self._starts.append(clock())


class Http(HTTPClient):
    """Asks `/gateway/bot` of its own API for the gateway wherever discord.py would take the built-in address."""

    limit: GlobalLimit
    told: yarl.URL | None = None

    async def request(self, route: Route, **kwargs: Any) -> Any:
        """One request; a line that breaks is tried again, which is safe: posts carry an enforced nonce."""
        if self.__dict__.get("limit") is None:
            self.limit = GlobalLimit()
        for attempt in range(1, _ATTEMPTS + 1):
            if not is_tokenless(route.path):
                await self.limit.turn()
            try:
                return await super().request(route, **kwargs)
            except (aiohttp.ClientConnectionError, ConnectionError) as error:
                if attempt == _ATTEMPTS or route.method == "DELETE":
                    raise
                log.warning("no line to Discord (%s), attempt %d", type(error).__name__, attempt)
                await asyncio.sleep(0.5 * 2**attempt)
        raise AssertionError("not reached")

    async def get_bot_gateway(self) -> Any:
        """Shards, address and session limits; remembers the address."""
        shards, url, limits = await super().get_bot_gateway()
        self.told = yarl.URL(url)
        return shards, url, limits

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to a gateway: a new session goes where `/gateway/bot` says now, a resume to its own address."""
        wanted = yarl.URL(url)
        if wanted.origin() == DiscordWebSocket.DEFAULT_GATEWAY.origin():
            wanted = (await self._gateway()).with_query(wanted.query)
        return await super().ws_connect(str(wanted), compress=compress)

    async def _gateway(self) -> yarl.URL:
        try:
            await self.get_bot_gateway()
        except (discord.GatewayNotFound, aiohttp.ClientError, OSError):
            if self.told is None:
                raise
        return self.told or DiscordWebSocket.DEFAULT_GATEWAY
