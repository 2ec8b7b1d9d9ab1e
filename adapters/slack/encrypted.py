"""Installations in the database, their tokens encrypted at rest.

The encryption is Fernet (https://cryptography.io/en/latest/fernet/), its key comes from the environment only.
"""

import copy
import logging
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

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
