"""Serves the pages, beside chat platforms or alone.

By aiohttp, which serves Slack and health already, within limits that are tested (`bot.core.http_limits`): another
framework would be a second server in the same process.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from adapters.web.site import SITE_SECONDS, make_site
from bot.config import Settings
from bot.core.errors import ConfigError
from bot.core.http_limits import HttpLimits, LimitedServer
from bot.core.log_limits import CONNECTED

if TYPE_CHECKING:
    from bot.app import App

connected = logging.getLogger(CONNECTED)


class WebAdapter:
    """`port` is the one in use."""

    def __init__(self) -> None:
        self.port = 0

    def is_configured(self, settings: Settings) -> bool:
        """Whether a port is set."""
        return settings.web.port > 0

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Serve until cancelled. Raises ConfigError where the port cannot be had."""
        app = await asyncio.shield(starting)
        settings = app.settings.web
        limits = HttpLimits(settings.most_connections, settings.most_connections, answer_seconds=SITE_SECONDS)
        try:
            async with LimitedServer(make_site(app), settings.host, settings.port, limits) as server:
                self.port = server.port
                connected.info("pages at %s", settings.address or f"port {server.port}")
                await asyncio.Event().wait()
        except OSError as error:
            why = error.strerror or str(error)
            raise ConfigError(
                f"Pages cannot be served: port {settings.port} of {settings.host} cannot be had ({why})."
                " Give them another one in [web] port, or RIFF_WEB__PORT."
            ) from None
