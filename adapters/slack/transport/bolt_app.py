"""The Bolt app and the connections of Socket Mode: signatures, url_verification and tokens are Bolt's.

Bolt acknowledges an event before its listener runs; a middleware is awaited before, so the inbox is one. Of Socket
Mode an app has at most ten connections; an event goes to one of them, and each is replaced when Slack asks for it or
when it is lost (https://docs.slack.dev/apis/events-api/using-socket-mode).
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

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
        name="slack_bolt",  # Bolt sets the level of the logger of this name, which is not to be Riff's own
        logger=logging.getLogger("slack_bolt"),
        signing_secret=signing_secret or "unused",
        authorize=authorize,
    )
    app.use(Inboxed(reception))
    return app
