"""That Riff is at work, and what it thinks of a message: a thread's status, emoji reactions. No failure matters.

https://docs.slack.dev/reference/methods/assistant.threads.setStatus and .../reactions.add
"""

import logging

from slack_sdk.errors import SlackApiError

from adapters.slack.transport.api import Api, Gone, Unsure
from bot.jobs.inbox import TryLater

log = logging.getLogger("riff.slack")

_PATIENCE_SECONDS = 5.0
_NAMES = {
    "💡": "bulb",
    "🤝": "handshake",
    "👋": "wave",
    "✅": "white_check_mark",
    "👍": "+1",
    "👀": "eyes",
    "🎉": "tada",
    "📌": "pushpin",
    "🔗": "link",
    "🔁": "repeat",
    "🗳": "ballot_box_with_ballot",
    "⏳": "hourglass_flowing_sand",
    "⏸": "double_vertical_bar",
    "🤔": "thinking_face",
    "❌": "x",
    "✍": "writing_hand",
    "➕": "heavy_plus_sign",
    "🧩": "jigsaw",
    "🙏": "pray",
}
"""Slack's names, which are those of https://github.com/iamcal/emoji-data."""
_OTHER = "white_check_mark"


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


async def mark(api: Api, channel: str, ts: str, sign: str) -> None:
    """React to the message with the emoji, if there is a message: it may be deleted, or the scope be missing."""
    if not (ts and sign):
        return
    try:
        await api.call(
            "reactions.add", patience=_PATIENCE_SECONDS, channel=channel, timestamp=ts, name=name_of(sign)
        )
    except (SlackApiError, Gone, Unsure, TryLater) as error:
        log.info("no reaction: %s", error)


def name_of(sign: str) -> str:
    """What Slack calls the emoji."""
    return _NAMES.get(sign.rstrip("\N{VARIATION SELECTOR-16}"), _OTHER)
