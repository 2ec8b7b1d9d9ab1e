"""Installation in several workspaces: Slack's OAuth and the SDK's SQLAlchemy stores.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import logging
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, MultiFernet
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from adapters.slack.transport.installations import Installed
from adapters.slack.transport.token_store import EncryptedStore, Rotation
from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.config.settings import SlackSettings

log = logging.getLogger("riff.slack")

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "canvases:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:write",
    "users:read",
)
"""What Riff may do; deploy/slack-manifest.yaml says why it needs each."""
_STATE_SECONDS = 600


class ManyInstalls:
    """The workspaces that installed Riff."""

    def __init__(self, store: EncryptedStore, rotation: Rotation) -> None:
        self._store = store
        self._rotation = rotation

    async def find(self, team: str, enterprise: str) -> Installed | None:
        """That of the workspace, else that of its whole organisation."""
        for by_team in (True, False):
            bot = await self._store.async_find_bot(
                enterprise_id=enterprise or None,
                team_id=team or None if by_team else None,
                is_enterprise_install=not by_team,
            )
            if bot is not None:
                bot = await self._rotation.fresh(bot)
                return Installed(bot.bot_token, bot.bot_user_id, bot.bot_id, team, enterprise)
            if not enterprise:
                break
        return None

    async def team_in(self, enterprise: str) -> str:
        """The one that installed Riff last."""
        bots = self._store.bots.c
        query = (
            select(bots.team_id).where(bots.enterprise_id == enterprise).order_by(bots.installed_at.desc())
        )
        async with self._store.engine.begin() as connection:
            return str(await connection.scalar(query.limit(1)) or "")

    async def forget(self, team: str, enterprise: str) -> None:
        """Remove what is kept of the workspace's installation."""
        await self._store.async_delete_all(enterprise_id=enterprise or None, team_id=team or None)


async def open_store(settings: "SlackSettings", engine: "AsyncEngine") -> EncryptedStore:
    """The store, its tables made; raises ConfigError when the key is missing or is none."""
    secret = settings.encryption_key.get_secret_value() if settings.encryption_key else ""
    try:
        keys = MultiFernet([Fernet(key.strip()) for key in secret.split(",")])
    except ValueError:
        raise ConfigError(
            "SLACK_ENCRYPTION_KEY must hold a Fernet key: python -c 'from cryptography.fernet import Fernet;"
            " print(Fernet.generate_key().decode())'"
        ) from None
    store = EncryptedStore(settings.client_id, engine.execution_options(riff_writes=True), keys)
    async with store.engine.begin() as connection:
        await connection.run_sync(store.metadata.create_all)
    return store


async def make_flow(settings: "SlackSettings", store: EncryptedStore) -> AsyncOAuthFlow:
    """What /slack/install and /slack/oauth_redirect do."""
    states = AsyncSQLAlchemyOAuthStateStore(_STATE_SECONDS, store.engine, logger=log)
    async with store.engine.begin() as connection:
        await connection.run_sync(states.metadata.create_all)
    secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
    return AsyncOAuthFlow(
        client=AsyncWebClient(base_url=settings.api_url),
        logger=log,
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=secret,
            scopes=list(SCOPES),
            installation_store=store,
            state_store=states,
            install_path="/slack/install",
            redirect_uri_path="/slack/oauth_redirect",
            logger=log,
        ),
    )
