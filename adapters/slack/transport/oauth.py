"""Several workspaces: they install Riff by OAuth, and their tokens are encrypted at rest and rotated."""

import asyncio
import copy
import logging
import time
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from adapters.slack.transport.installations import Installed
from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.config.settings import SlackSettings


log = logging.getLogger("riff.slack")


class EncryptedStore(AsyncSQLAlchemyInstallationStore):
    """The SDK's store; bot tokens are encrypted in it, and tokens that Riff does not use are not kept."""

    def __init__(self, client_id: str, engine: "AsyncEngine", keys: MultiFernet) -> None:
        super().__init__(client_id, engine, logger=log)
        self._keys = keys

    async def async_save(self, installation: Installation) -> None:
        """Keep the installation."""
        kept = copy.copy(installation)
        kept.bot_token = self._sealed(installation.bot_token)
        kept.bot_refresh_token = self._sealed(installation.bot_refresh_token)
        kept.user_token = kept.user_refresh_token = None
        kept.incoming_webhook_url = None
        await super().async_save(kept)

    async def save_rotated(self, bot: Bot) -> None:
        """Keep the new tokens of a bot that is known."""
        kept = copy.copy(bot)
        kept.bot_token = self._sealed(bot.bot_token) or ""
        kept.bot_refresh_token = self._sealed(bot.bot_refresh_token)
        await self.async_save_bot(kept)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The newest installation with its token readable; None where there is none, or the key is another."""
        bot = await super().async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        if bot is None:
            return None
        try:
            bot.bot_token = self._opened(bot.bot_token)
            if bot.bot_refresh_token:
                bot.bot_refresh_token = self._opened(bot.bot_refresh_token)
        except InvalidToken:
            log.error("a token cannot be decrypted: SLACK_ENCRYPTION_KEY is not the one it was kept with")
            return None
        return bot

    def _sealed(self, token: str | None) -> str | None:
        return self._keys.encrypt(token.encode()).decode() if token else None

    def _opened(self, sealed: str) -> str:
        return self._keys.decrypt(sealed.encode()).decode()


# Tokens that expire after twelve hours, where an app has token rotation: exchanged two hours before.
#
# https://docs.slack.dev/authentication/using-token-rotation


_MINUTES_BEFORE = 120


class Rotation:
    """Exchanges tokens; in this process one at a time, and what another process exchanged is taken from the store."""

    def __init__(self, store: EncryptedStore, settings: "SlackSettings") -> None:
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        client = AsyncWebClient(base_url=settings.api_url)
        self._store = store
        self._rotator = AsyncTokenRotator(client_id=settings.client_id, client_secret=secret, client=client)
        self._busy = asyncio.Lock()

    async def fresh(self, bot: Bot) -> Bot:
        """The bot with a token that holds for a while; the old one where Slack gives no new one."""
        if not _is_due(bot):
            return bot
        async with self._busy:
            kept = await self._again(bot)
            if not _is_due(kept):
                return kept
            try:
                rotated = await self._rotator.perform_bot_token_rotation(
                    bot=kept, minutes_before_expiration=_MINUTES_BEFORE
                )
            except SlackTokenRotationError as error:
                log.error("a token could not be exchanged: %s", error)
                return await self._again(kept)
            if rotated is None:
                return kept
            await self._store.save_rotated(rotated)
            return rotated

    async def _again(self, bot: Bot) -> Bot:
        found = await self._store.async_find_bot(
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            is_enterprise_install=bot.is_enterprise_install,
        )
        return found or bot


def _is_due(bot: Bot) -> bool:
    expires = bot.bot_token_expires_at
    return (
        bool(bot.bot_refresh_token) and expires is not None and expires < time.time() + _MINUTES_BEFORE * 60
    )


# Installation in several workspaces: Slack's OAuth and the SDK's SQLAlchemy stores.
#
# https://docs.slack.dev/authentication/installing-with-oauth


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
