"""The servers that can be asked, which of them to ask next, and for how long a failed one is asked last."""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
from openai import AsyncOpenAI

from genai.settings import GeneratorSettings

_CONNECT_SECONDS = 5.0
_NO_KEY = "none"
"""The client wants some key; servers of one's own ignore it."""


@dataclass(eq=False, slots=True)
class Server:
    """One server. `streams` is how many texts it writes now; a `plain` one refuses fields beyond the basic ones."""

    url: str
    client: AsyncOpenAI
    streams: int = 0
    rests_until: float = 0.0
    plain: bool = False

    @property
    def place(self) -> str:
        """Host and port, for the log and for whoever runs Riff."""
        return urlsplit(self.url).netloc


class Servers:
    """All of them, in the order of the settings."""

    def __init__(self, settings: GeneratorSettings) -> None:
        for texts_inside in ("openai", "httpx2", "httpcore2"):  # they log whole requests at debug level
            logging.getLogger(texts_inside).setLevel(logging.WARNING)
        key = settings.api_key.get_secret_value() if settings.api_key else _NO_KEY
        timeout = httpx2.Timeout(settings.timeout_seconds, connect=_CONNECT_SECONDS)
        self._cooldown = settings.cooldown_seconds
        self.all = [
            Server(url, AsyncOpenAI(api_key=key, base_url=url, timeout=timeout, max_retries=0))
            for url in settings.base_url
        ]

    def best(self, tried: Collection[Server]) -> Server:
        """One not tried yet, if there is one; then one that does not rest; then the one with the least to do."""
        now = time.monotonic()
        return min(self.all, key=lambda one: (one in tried, max(0.0, one.rests_until - now), one.streams))

    def failed(self, server: Server) -> None:
        """Ask the others first for a while."""
        server.rests_until = time.monotonic() + self._cooldown

    async def close(self) -> None:
        """Close every connection."""
        for server in self.all:
            await server.client.close()
