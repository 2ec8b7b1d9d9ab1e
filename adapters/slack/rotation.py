"""Tokens that expire after twelve hours, where an app has token rotation: exchanged two hours before.

https://docs.slack.dev/authentication/using-token-rotation
"""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.encrypted import EncryptedStore

if TYPE_CHECKING:
    from bot.config.platforms import SlackSettings

log = logging.getLogger("riff.slack")

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
