"""Messages: which of them Riff answers, and how each goes into the inbox. Nothing is answered here."""

import asyncio
import logging
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import discord

from adapters.discord.gateway.api import Api
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.incoming.interaction_context import Locales
from adapters.discord.incoming.message_content import files_of, passed_on, quoted
from adapters.discord.incoming.message_filter import (
    AutoReplyChannels,
    answers_riff,
    guild_of,
    heard,
    is_for_others,
    is_from_person,
    mentions_riff,
    thread_name,
)
from adapters.discord.incoming.reply_chains import ReplyChains
from adapters.discord.rendering.sending import plain
from adapters.discord.rendering.streamed_message import UNDELIVERED
from bot.config.settings import SessionSettings
from bot.core.commands import Invocation, command_named, parse_verb, typed_command
from bot.core.domain import Place, Repositories, request_as_json
from bot.core.errors import CommandError, RiffError
from bot.core.notices import STORAGE_AWAY
from bot.interactions.first_contact import is_small_talk
from bot.interactions.resolver import resolve
from bot.jobs.inbox import Inbox, StorageError
from bot.language import N_, _, speaking
from bot.session.arguments import plan_asked

log = logging.getLogger("riff.discord")

CANNOT_READ = N_("I can't read replies here that don't mention me. Please mention me, or use a / command.")


class Messages:
    """Takes messages in the order of their arrival."""

    def __init__(
        self,
        own_id: int,
        api: Api,
        inbox: Inbox,
        chains: ReplyChains,
        marked: AutoReplyChannels,
        repositories: Repositories,
        locales: Locales,
        sessions: SessionSettings,
    ) -> None:
        self._own_id = own_id
        self._api = api
        self._inbox = inbox
        self._chains = chains
        self._auto_reply = marked
        self._repositories = repositories
        self._locales = locales
        self._sessions = sessions
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, message: discord.Message) -> None:
        """Keep the message where it is for Riff; trouble becomes a sentence."""
        if not is_from_person(message):
            return
        with speaking(self._locales.of_author(message)):
            try:
                async with self._lanes.setdefault(message.channel.id, asyncio.Lock()):
                    event = await self._wanted(message)  # what comes first is kept first
                if event is not None:
                    await self._inbox.add(event.kept(_order(message, event), message.created_at))
            except RiffError as error:
                await self._tell(message, error.say)
            except Exception as error:
                log.error("a message cannot be kept: %s", error)
                await self._tell(message, STORAGE_AWAY.text)

    async def _wanted(self, message: discord.Message) -> Event | None:
        """The message as an event; None where it is not for Riff, or says nothing that can be read."""
        by_name = (
            not guild_of(message)
            or mentions_riff(message, self._own_id)
            or answers_riff(message, self._own_id)
        )
        is_idea = not by_name and await self._is_in_brainstorm(message)
        if not by_name and not is_idea and not self._is_for_riff(message):
            return None
        if not message.content and not files_of(message, self._own_id) and not passed_on(message):
            if answers_riff(message, self._own_id):
                await self._tell(message, _(CANNOT_READ))
            return None
        return await self._event(message, is_idea=is_idea)

    async def _is_in_brainstorm(self, message: discord.Message) -> bool:
        """Whether a brainstorm runs in the message's thread, where all that is said is for Riff."""
        if not isinstance(message.channel, discord.Thread):
            return False
        try:
            running = self._repositories.brainstorms.running_in
            return await running(_place_of(message, message.channel)) is not None
        except StorageError as error:
            log.warning("nobody knows whether a brainstorm runs: %s", error)
            return False

    def _is_for_riff(self, message: discord.Message) -> bool:
        """Whether what is not said to Riff by name is for it all the same: in its threads and marked channels."""
        if is_for_others(message, self._own_id):
            return False
        channel = message.channel
        if isinstance(channel, discord.Thread):
            return channel.owner_id == self._own_id or self._opens_marked_post(message, channel)
        return str(channel.id) in self._auto_reply and not self._asks_nothing(message)

    def _asks_nothing(self, message: discord.Message) -> bool:
        """Whether people only greet or thank each other there."""
        said = heard(message, self._own_id).text
        return bool(said) and not message.attachments and is_small_talk(said)

    def _opens_marked_post(self, message: discord.Message, thread: discord.Thread) -> bool:
        return message.id == thread.id and str(thread.parent_id) in self._auto_reply

    async def _event(self, message: discord.Message, *, is_idea: bool) -> Event:
        asked = heard(message, self._own_id)
        channel, own = message.channel, str(message.id)
        quote = "" if is_idea else quoted(message, self._own_id)  # an idea that answers another is its own
        shared = passed_on(message)
        text = "\n\n".join(filter(None, (asked.text, quote, shared)))
        event = replace(self._base(message, text), is_quiet=is_idea)
        if event.direct:
            return event
        if isinstance(channel, discord.Thread):
            place = _place_of(message, channel)
            event = replace(event, place_channel=place.channel, thread=place.thread)
            if self._opens_marked_post(message, channel):
                return replace(event, request=_ideas_on(f"{channel.name}. {asked.text}"))
            return event
        said = asked.text or shared
        name = thread_name(said)
        if topic := await self._topic_of_session(asked.text, event.place):
            return replace(event, thread=own, open_thread=thread_name(topic), needs_thread=True)
        if str(channel.id) in self._auto_reply and not asked.mentioned:
            return replace(event, thread=own, open_thread=name, request=_ideas_on(said))
        if asked.wants_thread:
            return replace(event, thread=own, open_thread=name)
        chain = await self._chains.of(message)
        return replace(event, thread=chain.root, chain=chain.above)

    def _base(self, message: discord.Message, text: str) -> Event:
        """Who said what, and in which channel."""
        channel, guild = str(message.channel.id), guild_of(message)
        return Event(
            id=str(message.id),
            user=str(message.author.id),
            guild=guild,
            channel=channel,
            place_channel=channel,
            thread="",
            text=text,
            direct=not guild,
            message=str(message.id),
            files=files_of(message, self._own_id),
            roles=tuple(str(role.id) for role in getattr(message.author, "roles", ())),
            mentioned=mentions_riff(message, self._own_id),
            by_admin=isinstance(message.author, discord.Member)
            and message.author.guild_permissions.manage_guild,
            author_name=message.author.display_name,
            locale=self._locales.of_author(message),
        )

    async def _topic_of_session(self, text: str, place: Place) -> str:
        """What a brainstorm that begins here is about, which needs a thread; "" where none begins.

        Raises CommandError for one that cannot begin so; what else is wrong with a command is said in its answer.
        """
        try:
            asked = await resolve(text, self._repositories.templates, place)
        except CommandError:
            return ""
        plan = plan_asked(asked.invocation, self._sessions) if asked else None
        return plan.topic if plan else ""

    async def _tell(self, message: discord.Message, text: str) -> None:
        try:
            payload = plain(text) | {
                "message_reference": {"message_id": str(message.id), "fail_if_not_exists": False}
            }
            await self._api.post(str(message.channel.id), payload)
        except UNDELIVERED as error:
            log.info("nobody could be told: %s", type(error).__name__)


def _ideas_on(text: str) -> dict[str, Any] | None:
    """What a post in a brainstorming channel asks for; None for a command, which says itself what it wants."""
    if typed_command(text) is not None or not text.strip():
        return None
    command = command_named("brainstorm")
    (verb,) = command.verbs
    try:
        return request_as_json(parse_verb(command, verb, text))
    except CommandError:
        return request_as_json(Invocation(command.name, values={"topic": text.strip()}))


def _place_of(message: discord.Message, thread: discord.Thread) -> Place:
    """The conversation that a thread is."""
    return Place(PLATFORM, guild_of(message), str(thread.parent_id or thread.id), str(thread.id))


def _order(message: discord.Message, event: Event) -> str:
    """What is answered one after the other: all of a channel, but a post of a brainstorming channel by itself."""
    return f"post:{event.id}" if event.open_thread else f"channel:{message.channel.id}"
