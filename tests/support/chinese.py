"""Whether Riff speaks Chinese: words that are neither Chinese nor the names of commands and things."""

import re
from dataclasses import fields
from typing import Any

from bot.core.domain import Profile
from genai.prompts import LENGTHS, TECHNIQUES, TONES

_NAMES = (
    "Riff", "Slack", "Discord", "TOML", "Markdown", "CSV", "JSON", "PDF", "UTF-8", "MB", "SMS", "SCAMPER", "Ctrl-D",
    "Message Content Intent", "Bot", "markdown", "csv", "json", "Asia/Shanghai",
)  # fmt: skip
_ARGUMENTS = (
    "admins all and answer daily together block channel channels console count discord general HOUR ideas limit"
    " listener max_characters medical moderation none off one platform politics privacy product settings show slack"
    " somebody topics two unblock UTC voice WORD workspace"
)
_FIELDS = " ".join(f"{field.name} {field.name.replace('_', ' ')}" for field in fields(Profile))
_TYPED = frozenset(" ".join((_ARGUMENTS, _FIELDS, *TONES, *LENGTHS, *TECHNIQUES)).split())
"""Words that people type as they are."""
_KEPT = re.compile(
    r"用法：.*"  # what follows is typed as it stands
    r"|/[a-z-]+(?: [a-z]+)*"  # a command and its verbs
    r"|--[a-z-]+(?: [A-Za-z]+)?"  # an option and its value
    r"|\[[a-z-][^\]]*\]"  # verbs and options in a usage
    r"|[\w-]+\.(?:png|md|csv|json)"
    r"|riff [a-z]+"
    r"|\{\w+\}|<[@#!][^>]*>|<https:[^|>]*\||:[a-z_+-]+:"
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
