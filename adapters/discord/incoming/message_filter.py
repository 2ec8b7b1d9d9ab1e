"""Which messages are for Riff: those that mention it, and all where it answers without being mentioned."""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from adapters.discord.incoming.event import PLATFORM

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


def thread_name(text: str) -> str:
    """A name for the thread that a message opens: its first line, without what it is asked with."""
    words = re.sub(r"^/\w[\w-]*\s*", "", " ".join(text.split()))
    words = re.sub(r"\s--\w+\s+\S+", "", words)
    return words[:_THREAD_NAME].strip() or "Ideas"


def _channel_name(message: discord.Message, channel_id: int) -> str:
    channel: Any = message.guild.get_channel_or_thread(channel_id) if message.guild else None
    return f"#{channel.name}" if channel is not None else "#channel"


# Brainstorming channels: text and forum channels every post of which Riff answers, as an admin said.


log = logging.getLogger("riff.discord")

_PREFIX = "brainstorming:"
_REFRESH_SECONDS = 30.0


class Notes(Protocol):
    """Where the marks are kept."""

    async def named(self, platform: str, start: str) -> Mapping[str, Any]: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...
    async def remove(self, platform: str, name: str) -> None: ...


class AutoReplyChannels:
    """The marked channels; other processes mark too, so that they are read again now and then."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._guilds: dict[str, str] = {}

    def __contains__(self, channel: str) -> bool:
        return channel in self._guilds

    def __iter__(self) -> Iterator[str]:
        return iter(self._guilds)

    @property
    def guilds(self) -> frozenset[str]:
        """The servers that have marked channels."""
        return frozenset(self._guilds.values())

    def of(self, guild: str) -> list[str]:
        """The marked channels of a server."""
        return [channel for channel, where in self._guilds.items() if where == guild]

    async def load(self) -> None:
        """Read the marks."""
        found = await self._notes.named(PLATFORM, _PREFIX)
        self._guilds = {name.removeprefix(_PREFIX): str(guild) for name, guild in found.items()}

    async def set(self, guild: str, channel: str, *, on: bool) -> None:
        """Mark a channel, or take the mark away."""
        if on:
            await self._notes.put(PLATFORM, f"{_PREFIX}{channel}", guild)
        else:
            await self._notes.remove(PLATFORM, f"{_PREFIX}{channel}")
        await self.load()

    async def run(self) -> None:
        """Read the marks again now and then, until cancelled."""
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            try:
                await self.load()
            except Exception as error:  # the database may be away for a while
                log.warning("the brainstorming channels cannot be read: %s", error)
