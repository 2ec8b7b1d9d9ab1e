"""The pages by which a workspace installs Riff: nothing is kept before Slack vouches for it, and not every one may.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncFailureArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.transport.token_store import EncryptedStore

if TYPE_CHECKING:
    from bot.config.settings import SlackSettings

log = logging.getLogger("riff.slack")

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "canvases:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "users:read",
)
"""What Riff may do; deploy/slack-manifest.yaml says why it needs each."""
_STATE_SECONDS = 600
_USED_STATES = 10_000


class SignedStates(AsyncOAuthStateStore):
    """States that carry their own proof: the moment, a number, and a signature over both.

    Nothing is kept of one that is given out, so that calling the start page costs nothing; of those that came
    back this process remembers which. A state counts only in the browser that it was given to (Bolt's cookie).
    """

    def __init__(self, key: str, clock: Callable[[], float] = time.time) -> None:
        self._key = hashlib.sha256(f"oauth state {key}".encode()).digest()
        self._clock = clock
        self._used: OrderedDict[str, None] = OrderedDict()

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state."""
        return self._signed(f"{int(self._clock())}.{secrets.token_urlsafe(16)}")

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours, young enough, and was not used here before."""
        said, _, _signature = state.rpartition(".")
        if not hmac.compare_digest(self._signed(said).encode(), state.encode()) or state in self._used:
            return False
        if not 0 <= self._clock() - int(said.partition(".")[0]) <= _STATE_SECONDS:
            return False
        self._used[state] = None
        if len(self._used) > _USED_STATES:
            self._used.popitem(last=False)
        return True

    def _signed(self, said: str) -> str:
        signature = hmac.new(self._key, said.encode(), hashlib.sha256).digest()
        return f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


class NotAllowed(BoltError):
    """The workspace is not one of those that may install Riff."""


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow, for the workspaces of the settings only."""

    def __init__(self, settings: "SlackSettings", store: EncryptedStore) -> None:
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        key = settings.encryption_key.get_secret_value() if settings.encryption_key else ""
        self._slack = settings
        super().__init__(
            client=AsyncWebClient(base_url=settings.api_url),
            logger=logging.getLogger("slack_bolt"),
            settings=AsyncOAuthSettings(
                client_id=settings.client_id,
                client_secret=secret,
                scopes=list(SCOPES),
                installation_store=store,
                state_store=SignedStates(key),
                install_path="/slack/install",
                redirect_uri_path="/slack/oauth_redirect",
                logger=logging.getLogger("slack_bolt"),
            ),
        )
        self.failure_handler = self._failed

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep it; of a workspace that may not install Riff the token is given back. Raises NotAllowed."""
        team, enterprise = installation.team_id or "", installation.enterprise_id or ""
        if self._slack.allows(team, enterprise):
            await super().store_installation(request, installation)
            return
        log.warning("an installation was refused: slack.workspaces does not name its workspace")
        try:
            await self.client.auth_revoke(token=installation.bot_token)
        except SlackApiError as error:
            log.warning("its token could not be revoked: %s", error.response.get("error"))
        raise NotAllowed("not an allowed workspace")

    async def _failed(self, given: AsyncFailureArgs) -> BoltResponse:
        if isinstance(given.error, NotAllowed):
            return BoltResponse(
                status=403, body="This Riff does not serve your workspace; ask whoever runs it."
            )
        return await self.default_callback_options.failure(given)
