"""`/healthz` and `/readyz` on a local port, for whoever watches over Riff, whatever platforms it serves.

The first says that the event loop turns, the second that a person would be answered now: database, moderation, model
and every platform's connection. What is told are names of parts, nothing of people or what they said. The parts are
asked at most once a second, however often somebody asks here.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.config.settings import HealthSettings
from bot.core.errors import ConfigError
from bot.core.http_limits import HttpLimits, LimitedServer

if TYPE_CHECKING:
    from bot.app import Adapter, App

log = logging.getLogger("riff.health")

_LIMITS = HttpLimits(connections=32, of_address=32, request_seconds=5, idle_seconds=5, answer_seconds=5)
_FRESH_SECONDS = 1.0
_DEADLINE_SECONDS = 2.0
_HEADERS = {"Cache-Control": "no-store"}

Probe = Callable[[], Awaitable[bool]]


class Readiness:
    """Asks the parts of a Riff that starts, serves, or ends."""

    def __init__(self, starting: "asyncio.Task[App]", adapters: "Sequence[Adapter]") -> None:
        self._starting = starting
        self._adapters = adapters
        self._is_ending = False
        self._asking: asyncio.Task[tuple[str, ...]] | None = None
        self._asked_at = 0.0

    def end(self) -> None:
        """From now on Riff is not ready: it lets work under way end, and takes none."""
        self._is_ending = True

    async def missing(self) -> tuple[str, ...]:
        """What is not there; nothing when a person would be answered now. Fresh to a second."""
        if self._is_ending:
            return ("ending",)
        if not self._starting.done():
            return ("starting",)
        if self._starting.cancelled() or self._starting.exception():
            return ("start failed",)
        is_fresh = time.monotonic() - self._asked_at < _FRESH_SECONDS
        if self._asking is None or (self._asking.done() and not is_fresh):
            self._asked_at = time.monotonic()
            probes = self._probes(self._starting.result())
            self._asking = asyncio.create_task(_missing_of(probes), name="readiness")
        return await asyncio.shield(self._asking)  # others wait for the same answer

    def _probes(self, app: "App") -> Mapping[str, Probe]:
        async def database() -> bool:
            await app.database.check()
            return True

        async def moderation() -> bool:
            await app.moderator.check("ready?")  # brings one that failed back, where nobody says anything
            return True

        async def model() -> bool:
            return app.generator.is_ready

        platforms = {adapter.platform: adapter.is_connected for adapter in self._adapters}
        return {"database": database, "moderation": moderation, "model": model, **platforms}


async def _missing_of(probes: Mapping[str, Probe]) -> tuple[str, ...]:
    found = await asyncio.gather(*(_holds(name, probe) for name, probe in probes.items()))
    return tuple(name for name, holds in zip(probes, found, strict=True) if not holds)


async def _holds(name: str, probe: Probe) -> bool:
    """Whether a part says so in time; what it raises is not told outside, for it may quote anything."""
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            return await probe()
    except Exception as error:
        log.warning("%s is not ready: %s", name, type(error).__name__)
        return False


class HealthServer(LimitedServer):
    """The server. Use as an async context manager; `port` is the one in use."""

    def __init__(self, host: str, port: int, readiness: Readiness) -> None:
        self._readiness = readiness
        routes = web.Application(client_max_size=1)
        routes.router.add_get("/healthz", self._healthy)
        routes.router.add_get("/readyz", self._ready)
        super().__init__(routes, host, port, _LIMITS)

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok", headers=_HEADERS)

    async def _ready(self, _: web.Request) -> web.Response:
        if missing := await self._readiness.missing():
            return web.Response(status=503, text=f"not ready: {', '.join(missing)}", headers=_HEADERS)
        return web.Response(text="ready", headers=_HEADERS)


@asynccontextmanager
async def watched(settings: HealthSettings | None, readiness: Readiness) -> AsyncIterator[None]:
    """Answers at the port of the settings, if they have one. Raises ConfigError where it cannot be had."""
    if settings is None or not settings.port:
        yield
        return
    server = HealthServer(settings.host, settings.port, readiness)
    try:
        await server.__aenter__()
    except OSError as error:
        raise ConfigError(
            f"health.port: {settings.host}:{settings.port} cannot be listened on ({error.strerror or error});"
            " set another one, or 0 for none."
        ) from None
    try:
        yield
    finally:
        await server.__aexit__(None, None, None)
