"""The line under a thread that says what Riff is doing; a courtesy, so no failure of it matters.

https://docs.slack.dev/reference/methods/assistant.threads.setStatus
"""

import logging

from slack_sdk.errors import SlackApiError

from adapters.slack.transport.api import Api, Gone, Unsure
from bot.inbox import TryLater

log = logging.getLogger("riff.slack")


class Status:
    """The status of one thread; "" for no thread, where there is no status."""

    def __init__(self, api: Api, channel: str, thread: str) -> None:
        self._api = api
        self._channel = channel
        self._thread = thread
        self._is_set = False

    async def set(self, text: str) -> None:
        """Show it until the next message of Riff's, two minutes at most."""
        self._is_set = await self._call(text)

    async def clear(self) -> None:
        """Take it back, where no message did that."""
        if self._is_set:
            await self._call("")

    async def _call(self, text: str) -> bool:
        if not self._thread:
            return False
        try:
            await self._api.call(
                "assistant.threads.setStatus", channel_id=self._channel, thread_ts=self._thread, status=text
            )
        except (SlackApiError, Gone, Unsure, TryLater) as error:
            log.debug("no status: %s", error)
            return False
        return True
