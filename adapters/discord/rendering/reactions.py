"""Emoji reactions on a person's message; a courtesy, so no failure of it matters.

https://docs.discord.com/developers/resources/message#create-reaction
"""

import logging

from adapters.discord.gateway.api import Api
from adapters.discord.rendering.streamed_message import UNDELIVERED

log = logging.getLogger("riff.discord")


async def mark(api: Api, channel: str, message: str, sign: str) -> None:
    """React to the message, which may be deleted, or in a channel where Riff may not."""
    try:
        await api.react(channel, message, sign)
    except UNDELIVERED as error:
        log.info("no reaction: %s", error)
