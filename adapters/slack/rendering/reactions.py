"""Emoji reactions on a person's message; a courtesy, so no failure of it matters.

https://docs.slack.dev/reference/methods/reactions.add
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
