"""Where a thread can be opened. https://docs.slack.dev/reference/methods/chat.getPermalink"""

import asyncio
import logging
from collections.abc import Collection

from slack_sdk.errors import SlackApiError

from adapters.slack.transport.api import Api, Gone, Unsure
from bot.core.domain import Place
from bot.jobs.inbox import TryLater

log = logging.getLogger("riff.slack")

_PATIENCE_SECONDS = 2.0


async def permalinks(api: Api, threads: Collection[Place]) -> dict[Place, str]:
    """The address of each thread that Slack gives one of; a message that is gone has none."""
    asked = [place for place in dict.fromkeys(threads) if place.thread]
    found = await asyncio.gather(*(_permalink(api, place) for place in asked))
    return {place: link for place, link in zip(asked, found, strict=True) if link}


async def _permalink(api: Api, place: Place) -> str:
    try:
        answer = await api.read(
            "chat.getPermalink",
            patience=_PATIENCE_SECONDS,
            channel=place.channel,
            message_ts=place.thread,
        )
    except (SlackApiError, Gone, Unsure, TryLater) as error:
        log.info("no way to a thread: %s", error)
        return ""
    return str(answer.get("permalink") or "")
