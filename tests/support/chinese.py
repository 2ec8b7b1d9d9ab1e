"""Whether Riff speaks Chinese: words that are neither Chinese nor the names of commands and things."""

import re
from typing import Any

from genai.prompts import LENGTHS, TECHNIQUES, TONES

_NAMES = (
    "Riff", "Slack", "Discord", "TOML", "Markdown", "CSV", "JSON", "PDF", "UTF-8", "MB", "SMS", "SCAMPER", "Ctrl-D",
    "Message Content Intent", "Bot", "markdown", "csv", "json", "Asia/Shanghai",
)  # fmt: skip
_TYPED = frozenset(
    (
        "admins", "all", "and", "block", "channel", "channels", "limit", "medical", "moderation", "none", "off",
        "one", "platform", "politics", "privacy", "settings", "show", "topics", "two", "unblock", "voice",
        "workspace", "somebody", "general", "HOUR", "WORD", "UTC", "answer", "ideas", "count", "max_characters", "product", "listener", *" ".join((*TONES, *LENGTHS, *TECHNIQUES)).split(),
    )
)  # fmt: skip
"""Words that people type as they are."""
_KEPT = re.compile(
    r"/[a-z-]+(?: [a-z]+)*"  # a command and its verbs
    r"|--[a-z-]+(?: [A-Za-z]+)?"  # an option and its value
    r"|\[--[^\]]*\]"  # an option in a usage
    r"|riff [a-z]+"
    r"|\{\w+\}|<[@#!][^>]*>|:[a-z_+-]+:"
    r"|" + "|".join(map(re.escape, _NAMES))
)
_WORD = re.compile(r"[A-Za-z_]{2,}")


def foreign_words(text: str) -> list[str]:
    """The words in `text` that a reader of Chinese was not told in Chinese."""
    return [word for word in _WORD.findall(_KEPT.sub(" ", text)) if word not in _TYPED]


def texts_in(payload: Any, keys: frozenset[str]) -> list[str]:
    """The texts under any of the keys, anywhere in a payload of Slack's or Discord's."""
    if isinstance(payload, dict):
        inner = [text for value in payload.values() for text in texts_in(value, keys)]
        return [value for key, value in payload.items() if key in keys and isinstance(value, str)] + inner
    if isinstance(payload, list | tuple):
        return [text for value in payload for text in texts_in(value, keys)]
    return []
