"""`/healthz`, `/readyz` and `/metrics` on a local port, for whoever watches over Riff, whatever platforms it serves.

Healthy: the process answers. Ready: everything is loaded, and each part says that it could answer now.
"""

import asyncio
import errno
import logging
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics, generate_latest

from bot.core.http_limits import HttpLimits, LimitedServer
from genai.generation_meters import tell

if TYPE_CHECKING:
    from bot.app import App
    from bot.config.settings import Settings
    from bot.config.watch_settings import HealthSettings

log = logging.getLogger("riff.health")

_LIMITS = HttpLimits(
    connections=64, of_address=64, request_seconds=5.0, idle_seconds=30.0, answer_seconds=10.0
)


class HealthServer:
    """Runs beside the adapters, and as one: from the first moment, while Riff is still waking up."""

    def __init__(self, settings: "HealthSettings", *, metrics: bool = False) -> None:
        self._settings = settings
        self._has_metrics = metrics
        self._starting: asyncio.Task[App] | None = None
        self.port = 0
        """The one in use."""

    def is_configured(self, settings: "Settings") -> bool:
        """Whether a port is set."""
        return settings.health.port > 0

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled. A port that is taken, by another Riff perhaps, is no reason not to serve people."""
        self._starting = starting
        routes = web.Application()
        routes.router.add_get("/healthz", self._healthy)
        routes.router.add_get("/readyz", self._ready)
        if self._has_metrics:
            disable_created_metrics()  # type: ignore[no-untyped-call]
            routes.router.add_get("/metrics", self._numbers)
        try:
            async with LimitedServer(routes, self._settings.host, self._settings.port, _LIMITS) as server:
                self.port = server.port
                await asyncio.Event().wait()
        except OSError as error:
            log.warning("%s", _untold(self._settings, error))
            await asyncio.Event().wait()

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _numbers(self, _: web.Request) -> web.Response:
        """Prometheus' text format; gauges of the model are read now."""
        starting = self._starting
        if starting is not None and starting.done() and not starting.cancelled() and not starting.exception():
            tell(starting.result().generator.load())
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _ready(self, _: web.Request) -> web.Response:
        starting = self._starting
        if starting is None or not starting.done() or starting.cancelled() or starting.exception():
            return web.Response(status=503, text="waking up")
        faults = await starting.result().readiness.faults()
        if not faults:
            return web.Response(text="ready")
        lines = (f"{name}: {fault}" for name, fault in sorted(faults.items()))
        return web.Response(status=503, text="\n".join(lines))


def _untold(settings: "HealthSettings", error: OSError) -> str:
    """What whoever runs Riff should know and do."""
    is_taken = error.errno == errno.EADDRINUSE
    why = "is taken, perhaps by another Riff" if is_taken else f"cannot be had ({error.strerror or error})"
    return (
        f"nobody can ask for this Riff's health: port {settings.port} of {settings.host} {why}."
        " Give it one of its own in [health] port, or RIFF_HEALTH__PORT; 0 is for none."
    )
