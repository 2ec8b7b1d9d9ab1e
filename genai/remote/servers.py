"""Servers that can be asked, which one is asked next, and the connection to each."""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

from genai.remote.habits import Habits
from genai.settings import GeneratorSettings

_CONNECT_SECONDS = 5.0


@dataclass(eq=False, slots=True)
class Server:
    """One server. `streams` is how many texts it writes now, `habits` what is known of it."""

    url: str
    client: httpx2.AsyncClient
    streams: int = 0
    rests_until: float = 0.0
    habits: Habits = field(default_factory=Habits)

    @property
    def place(self) -> str:
        """Host and port, for the log and for whoever runs Riff."""
        return urlsplit(self.url).netloc

    @property
    def may_lack_version(self) -> bool:
        """Whether the address names no version of the protocol, as `/v1` does."""
        parts = urlsplit(self.url).path.split("/")
        return not any(part[:1] == "v" and part[1:2].isdigit() for part in parts)

    def address(self, path: str) -> str:
        """Where something is asked for; what an address has behind a question mark stays behind it."""
        parts = urlsplit(self.url)
        return parts._replace(path=f"{parts.path.rstrip('/')}/{path}").geturl()


class Servers:
    """All of them, in the order of the settings."""

    def __init__(self, settings: GeneratorSettings) -> None:
        for texts_inside in ("httpx2", "httpcore2"):  # they log whole requests at debug level
            logging.getLogger(texts_inside).setLevel(logging.WARNING)
        timeout = httpx2.Timeout(settings.timeout_seconds, connect=_CONNECT_SECONDS)
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=settings.slots)
        self._cooldown = settings.cooldown_seconds
        self.all = [
            Server(
                url,
                httpx2.AsyncClient(headers=headers, timeout=timeout, limits=limits, follow_redirects=True),
            )
            for url in settings.base_url
        ]

    def best(self, tried: Collection[Server]) -> Server:
        """One not tried yet, if there is one; then one that does not rest; then the one with the least to do."""
        now = time.monotonic()
        return min(self.all, key=lambda one: (one in tried, max(0.0, one.rests_until - now), one.streams))

    @property
    def any_up(self) -> bool:
        """Whether there is one that has not failed lately."""
        return any(one.rests_until <= time.monotonic() for one in self.all)

    def failed(self, server: Server) -> None:
        """Ask the others first for a while."""
        server.rests_until = time.monotonic() + self._cooldown

    async def close(self) -> None:
        """Close every connection."""
        for server in self.all:
            await server.client.aclose()
