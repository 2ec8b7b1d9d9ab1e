"""Socket Mode: several connections, each replaced when Slack asks for it or when it is lost."""

import asyncio
import logging
import time

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger("riff.slack")

_ACK_SECONDS = 2.5
_PING_SECONDS = 5.0


class Sockets:
    """The connections. Use as an async context manager."""

    def __init__(self, app: AsyncApp, app_token: str, api_url: str, count: int) -> None:
        self._app = app
        self._app_token = app_token
        self._api_url = api_url
        self._count = count
        self._clients: list[SocketModeClient] = []

    async def __aenter__(self) -> "Sockets":
        for _ in range(self._count):
            client = SocketModeClient(
                app_token=self._app_token,
                web_client=AsyncWebClient(base_url=self._api_url),
                logger=logging.getLogger("slack_sdk"),
                ping_interval=_PING_SECONDS,
            )
            client.socket_mode_request_listeners.append(self._received)
            self._clients.append(client)
        await asyncio.gather(*(client.connect_to_new_endpoint() for client in self._clients))
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            client.auto_reconnect_enabled = False
        await asyncio.gather(*(_close(client) for client in self._clients), return_exceptions=True)

    async def is_connected(self) -> bool:
        """Whether at least one connection stands."""
        return any([await client.is_connected() for client in self._clients])

    async def _received(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """An event that cannot be kept in time is not acknowledged: Slack delivers it again."""
        started = time.time()
        try:
            async with asyncio.timeout(_ACK_SECONDS):
                response = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, response, started)
        except (TimeoutError, ConnectionError, AttributeError) as error:
            log.warning("not acknowledged: %s", type(error).__name__)


async def _close(client: SocketModeClient) -> None:
    await client.close()  # type: ignore[no-untyped-call]
