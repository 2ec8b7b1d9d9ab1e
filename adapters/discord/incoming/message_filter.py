"""Which messages are for Riff, and what they ask; pure, on what discord.py read out of the gateway's event."""

import re
from dataclasses import dataclass
from typing import Any

import discord

_IN_A_THREAD = re.compile(
    r"(?:(?:[,;]|(?<![\s,;]))\s+in a (?:new )?thread|(?<!\s)\s+--thread\b)\s*+(?:[.!]\s*+)?$", re.IGNORECASE
)
_SAID = {discord.MessageType.default, discord.MessageType.reply}
_THREAD_NAME = 100


@dataclass(frozen=True, slots=True)
class AddressedMessage:
    """A message that is for Riff; `mentioned` when it says so itself."""

    text: str
    mentioned: bool
    wants_thread: bool


def is_from_person(message: discord.Message) -> bool:
    """Whether a human wrote it: no bot, no webhook, no note of Discord's own."""
    return not message.author.bot and message.webhook_id is None and message.type in _SAID


def guild_of(message: discord.Message) -> str:
    """The server's id, also of one that discord.py does not know yet; "" for a direct message."""
    known = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
    return str(known) if known else ""


def answers_riff(message: discord.Message, own_id: int) -> bool:
    """Whether it is a reply to one of Riff's messages."""
    answered = message.reference.resolved if message.reference else None
    return isinstance(answered, discord.Message) and answered.author.id == own_id


def mentions_riff(message: discord.Message, own_id: int) -> bool:
    """Whether Riff is mentioned by name, or by the mention that a reply makes."""
    return any(user.id == own_id for user in message.mentions)


def is_for_others(message: discord.Message, own_id: int) -> bool:
    """Whether it is said to somebody else: it mentions or answers other people and not Riff."""
    if mentions_riff(message, own_id) or answers_riff(message, own_id):
        return False
    return bool(message.mentions) or message.type is discord.MessageType.reply


def heard(message: discord.Message, own_id: int) -> AddressedMessage:
    """What a message that is for Riff asks, without the mention and with names in place of ids."""
    text = re.sub(rf"<@!?{own_id}>", " ", message.content)
    for user in message.mentions:
        text = re.sub(rf"<@!?{user.id}>", f"@{user.display_name}", text)
    text = re.sub(r"<#(\d+)>", lambda found: _channel_name(message, int(found[1])), text).strip()
    asked = _IN_A_THREAD.sub("", text)
    return AddressedMessage(asked or text, mentions_riff(message, own_id), asked != text and bool(asked))


def quoted(message: discord.Message, own_id: int) -> str:
    """What a reply to somebody else answers, which the prompt is about; "" where Riff may not read it."""
    answered = message.reference.resolved if message.reference else None
    if not isinstance(answered, discord.Message) or answered.author.id == own_id:
        return ""
    return answered.content.strip()


def thread_name(text: str) -> str:
    """A name for the thread that a message opens: its first line, without what it is asked with."""
    words = re.sub(r"^/\w[\w-]*\s*", "", " ".join(text.split()))
    words = re.sub(r"\s--\w+\s+\S+", "", words)
    return words[:_THREAD_NAME].strip() or "Ideas"


def _channel_name(message: discord.Message, channel_id: int) -> str:
    channel: Any = message.guild.get_channel_or_thread(channel_id) if message.guild else None
    return f"#{channel.name}" if channel is not None else "#channel"
