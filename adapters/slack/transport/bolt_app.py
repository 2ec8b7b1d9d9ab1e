"""The Bolt app and the connections of Socket Mode: signatures, url_verification and tokens are Bolt's.

Bolt acknowledges an event before its listener runs; a middleware is awaited before, so the inbox is one. Of Socket
Mode an app has at most ten connections; an event goes to one of them, and each is replaced when Slack asks for it or
when it is lost (https://docs.slack.dev/apis/events-api/using-socket-mode).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.incoming.receiver import Receiver
from adapters.slack.transport.installations import Installs


class Inboxed(AsyncMiddleware):
    """The last middleware: keeps the event and answers Slack."""

    def __init__(self, reception: Receiver) -> None:
        self._reception = reception

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse:
        """The acknowledgement; nothing comes after it."""
        return await self._reception.receive(req.body, req.context.bot_user_id or "")


def make_bolt(installs: Installs, reception: Receiver, signing_secret: str) -> AsyncApp:
    """The app; in Socket Mode there is no signature to check."""

    async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> Any:
        """Bolt takes None for "not installed", which its types leave out."""
        installed = await installs.find(team_id or "", enterprise_id or "")
        if installed is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=installed.bot_user,
            bot_id=installed.bot_id,
            bot_token=installed.token,
            user_id=user_id,
        )

    app = AsyncApp(
        name="riff",
        logger=logging.getLogger("riff.bolt"),
        signing_secret=signing_secret or "unused",
        authorize=authorize,
    )
    app.use(Inboxed(reception))
    return app


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
                logger=log,
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
