"""`/healthz` and `/readyz` on a local port, for whoever watches over Riff, whatever platforms it serves.

The first says that the event loop turns, the second what `Readiness` found.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.config.settings import HealthSettings
from bot.core.errors import ConfigError
from bot.core.http_limits import HttpLimits, LimitedServer
from bot.readiness import Readiness

_LIMITS = HttpLimits(connections=32, of_address=32, request_seconds=5, idle_seconds=5, answer_seconds=5)
_HEADERS = {"Cache-Control": "no-store"}


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
async def listening(settings: HealthSettings, readiness: Readiness) -> AsyncIterator[HealthServer]:
    """The server at the port of the settings. Raises ConfigError where it cannot be had."""
    server = HealthServer(settings.host, settings.port, readiness)
    try:
        await server.__aenter__()
    except OSError as error:
        raise ConfigError(
            f"health.port: {settings.host}:{settings.port} cannot be listened on ({error.strerror or error});"
            " set another one, or 0 for none."
        ) from None
    try:
        yield server
    finally:
        await server.__aexit__(None, None, None)
