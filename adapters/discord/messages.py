"""Messages: which of them Riff answers, and how each goes into the inbox. Nothing is answered here."""

import logging
from dataclasses import asdict

import discord

from adapters.discord.api import Api
from adapters.discord.chains import Chains
from adapters.discord.event import Event, File
from adapters.discord.heard import (
    answers_riff,
    guild_of,
    heard,
    is_for_others,
    is_from_person,
    mentions_riff,
    quoted,
    thread_name,
)
from adapters.discord.marked import Marked
from adapters.discord.screen import UNDELIVERED
from adapters.discord.target import plain
from bot.commands import all_commands
from bot.config.settings import LimitSettings
from bot.errors import RiffError
from bot.inbox import Inbox
from bot.notices import STORAGE_AWAY

log = logging.getLogger("riff.discord")

CANNOT_READ = "I can't read replies here that don't mention me. Please mention me, or use a / command."


class Messages:
    """Takes messages in the order of their arrival."""

    def __init__(
        self, own_id: int, api: Api, inbox: Inbox, chains: Chains, marked: Marked, limits: LimitSettings
    ) -> None:
        self._own_id = own_id
        self._api = api
        self._inbox = inbox
        self._chains = chains
        self._marked = marked
        self._limits = limits

    async def take(self, message: discord.Message) -> None:
        """Keep the message where it is for Riff; trouble becomes a sentence."""
        if not is_from_person(message) or not self._is_for_riff(message):
            return
        if not message.content and not message.attachments:
            if answers_riff(message, self._own_id):
                await self._tell(message, CANNOT_READ)
            return
        try:
            event = await self._event(message)
            await self._inbox.add(event.kept(_order(message, event), message.created_at))
        except RiffError as error:
            await self._tell(message, error.say)
        except Exception as error:
            log.error("a message cannot be kept: %s", error)
            await self._tell(message, STORAGE_AWAY.text)

    def _is_for_riff(self, message: discord.Message) -> bool:
        if (
            message.guild is None
            or mentions_riff(message, self._own_id)
            or answers_riff(message, self._own_id)
        ):
            return True
        if is_for_others(message, self._own_id):
            return False
        channel = message.channel
        if isinstance(channel, discord.Thread):
            return channel.owner_id == self._own_id or self._opens_marked_post(message, channel)
        return str(channel.id) in self._marked

    def _opens_marked_post(self, message: discord.Message, thread: discord.Thread) -> bool:
        return message.id == thread.id and str(thread.parent_id) in self._marked

    async def _event(self, message: discord.Message) -> Event:
        asked = heard(message, self._own_id)
        channel, own = message.channel, str(message.id)
        guild = guild_of(message)
        base = Event(
            id=own,
            user=str(message.author.id),
            guild=guild,
            channel=str(channel.id),
            place_channel=str(channel.id),
            thread="",
            text=_with_quote(asked.text, quoted(message, self._own_id)),
            direct=not guild,
            message=own,
            files=tuple(
                File(file.filename, file.url, file.size, file.content_type or "")
                for file in message.attachments
            ),
            roles=tuple(str(role.id) for role in getattr(message.author, "roles", ())),
        )
        values = asdict(base) | {"files": base.files}
        if not guild:
            return base
        if isinstance(channel, discord.Thread):
            values |= {"place_channel": str(channel.parent_id or channel.id), "thread": str(channel.id)}
            if self._opens_marked_post(message, channel):
                values |= {"brief": self._ideas_on(f"{channel.name}. {asked.text}")}
            return Event(**values)
        if str(channel.id) in self._marked and not asked.mentioned:
            brief = self._ideas_on(asked.text)
            return Event(**values | {"thread": own, "open_thread": thread_name(asked.text), "brief": brief})
        if asked.wants_thread:
            return Event(**values | {"thread": own, "open_thread": thread_name(asked.text)})
        return Event(**values | {"thread": await self._chains.root_of(message)})

    def _ideas_on(self, text: str) -> dict[str, object] | None:
        """The brief of a post in a brainstorming channel; None for a command, which says itself what it wants."""
        make = all_commands()["brainstorm"].brief
        if text.startswith("/") or make is None or not text.strip():
            return None
        return asdict(make(text, {}, self._limits))

    async def _tell(self, message: discord.Message, text: str) -> None:
        try:
            payload = plain(text) | {
                "message_reference": {"message_id": str(message.id), "fail_if_not_exists": False}
            }
            await self._api.post(str(message.channel.id), payload)
        except UNDELIVERED as error:
            log.info("nobody could be told: %s", type(error).__name__)


def _order(message: discord.Message, event: Event) -> str:
    """What is answered one after the other: all of a channel, but a post of a brainstorming channel by itself."""
    return f"post:{event.id}" if event.open_thread else f"channel:{message.channel.id}"


def _with_quote(text: str, quote: str) -> str:
    """A prompt about somebody's message carries that message."""
    return f"{text}\n\n{quote}" if quote else text
