"""Takes personal data out of ratings: names, mentions, and all that moderation's privacy stage finds.

A rating with a text that moderation blocks is left out whole: no model should learn from it, either way.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from genai.moderation import Moderator
from genai.training.feedback.preference_pairs import Rating

_SHORTEST_NAME = 3
_MENTION = re.compile(r"<[@#!][^<>\s]{1,100}>|(?<![\w.])@[\w.-]+")
"""As Slack and Discord write people and channels, and as people type handles.

https://docs.slack.dev/messaging/formatting-message-text, https://discord.com/developers/docs/reference
"""


async def anonymised(ratings: Sequence[Rating], moderator: Moderator) -> list[Rating]:
    """The ratings without personal data, in order. Raises ModerationUnavailable: then nothing may be used."""
    unnamed = [_without_names(rating) for rating in ratings]
    texts = list(dict.fromkeys(text for rating in unnamed for text in _texts(rating)))
    verdicts = dict(zip(texts, await moderator.check_many(texts), strict=True))
    safe = {text: verdict.redacted_text for text, verdict in verdicts.items() if not verdict.blocked}
    return [
        replace(
            rating,
            topic=safe[rating.topic],
            title=safe[rating.title],
            body=safe[rating.body],
            edited_text=safe[rating.edited_text],
            names=(),
        )
        for rating in unnamed
        if all(text in safe for text in _texts(rating))
    ]


def _texts(rating: Rating) -> tuple[str, ...]:
    return rating.topic, rating.title, rating.body, rating.edited_text


def _without_names(rating: Rating) -> Rating:
    parts = {part for name in rating.names for part in (name, *name.split()) if len(part) >= _SHORTEST_NAME}
    longest_first = sorted(map(re.escape, parts), key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE) if parts else None

    def cleaned(text: str) -> str:
        text = _MENTION.sub("<PERSON>", text)
        return names.sub("<PERSON>", text) if names else text

    return replace(
        rating,
        topic=cleaned(rating.topic),
        title=cleaned(rating.title),
        body=cleaned(rating.body),
        edited_text=cleaned(rating.edited_text),
    )
