"""Installations in the database: their tokens encrypted at rest, and exchanged before they expire."""

import asyncio
import copy
import logging
import time
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken, MultiFernet
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.config.settings import SlackSettings


log = logging.getLogger("riff.slack")


class EncryptedStore(AsyncSQLAlchemyInstallationStore):
    """The SDK's store; bot tokens are encrypted in it, and tokens that Riff does not use are not kept."""

    def __init__(self, client_id: str, engine: "AsyncEngine", keys: MultiFernet) -> None:
        super().__init__(client_id, engine, logger=logging.getLogger("slack_sdk"))
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
