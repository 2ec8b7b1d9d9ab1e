"""Answers events out of the inbox: chooses where the answer goes, and says what kept it from being shown."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import discord

from adapters.attachments import AttachmentError
from adapters.discord.api import MISSING_ACCESS, MISSING_PERMISSIONS, Api
from adapters.discord.channel import DiscordChannel
from adapters.discord.event import Event
from adapters.discord.files import Files
from adapters.discord.pace import Pace
from adapters.discord.rules import ServerRules
from adapters.discord.screen import UNDELIVERED, is_passing
from adapters.discord.target import ORIGINAL, TOKEN_SECONDS, ChannelTarget, InteractionTarget, Target, plain
from bot.inbox import ClaimedEvent, TryLater
from bot.notices import TOO_LATE, Notice
from bot.pipeline import Pipeline

log = logging.getLogger("riff.discord")

_AGAIN_SECONDS = 10.0
IN_THREAD = "Here, in a thread."
_FORBIDDEN = {MISSING_ACCESS, MISSING_PERMISSIONS}


class Acknowledgements(Protocol):
    """Knows which interactions still wait for their first response."""

    async def acknowledged(self, event_id: str) -> None: ...


class DiscordHandler:
    """The inbox's handler for Discord; `token_seconds` is how long an interaction can be answered."""

    def __init__(
        self,
        pipeline: Pipeline,
        api: Api,
        pace: Pace,
        own_id: str,
        acknowledgements: Acknowledgements,
        files: Files,
        rules: ServerRules,
        missing: Callable[[Event], str],
        *,
        file_characters: int,
        token_seconds: float = TOKEN_SECONDS,
    ) -> None:
        self._pipeline = pipeline
        self._api = api
        self._pace = pace
        self._own_id = own_id
        self._acknowledgements = acknowledgements
        self._files = files
        self._rules = rules
        self._missing = missing
        self._file_characters = file_characters
        self._token_seconds = token_seconds
        self._live: dict[str, DiscordChannel] = {}

    async def answer(self, claimed: ClaimedEvent) -> None:
        """Answer one event; raises when that may work later."""
        event = Event.read(claimed.payload)
        again = claimed.attempt > 1
        try:
            channel = await self._channel(event, claimed)
        except UNDELIVERED as error:
            await self._explain(event, error)
            return
        self._live[event.id] = channel  # stays there when it is cancelled: `stopped` goes on with it
        await self._work(event, claimed, channel, again=again)
        self._live.pop(event.id, None)
        if channel.failure is not None:
            await self._explain(event, channel.failure)

    async def _work(
        self, event: Event, claimed: ClaimedEvent, channel: DiscordChannel, *, again: bool
    ) -> None:
        try:
            async with channel.working(again=again):
                if not again and (refusal := await self._rules.refusal(event)):
                    await channel.refuse(refusal)
                    return
                incoming = channel.event.incoming(claimed.received_at, await self._files.text_of(event))
                await self._pipeline.handle(incoming, channel, resume=again)
        except AttachmentError as error:
            await channel.notice(Notice(error.say))
        except UNDELIVERED as error:
            channel.failure = error

    async def apologise(self, claimed: ClaimedEvent) -> None:
        """Too late to answer: say so."""
        event = Event.read(claimed.payload)
        channel = await self._channel(event, claimed)
        await channel.notice(TOO_LATE)

    async def stopped(self, claimed: ClaimedEvent) -> None:
        """Stopped by a person: what was shown stays, marked as stopped."""
        event = Event.read(claimed.payload)
        channel = self._live.pop(event.id, None) or await self._channel(event, claimed)
        await channel.stopped()

    def asked_by(self, event_id: str) -> str:
        """Who asked for the answer that is being written; "" when none is."""
        channel = self._live.get(event_id)
        return channel.event.user if channel else ""

    async def _channel(self, event: Event, claimed: ClaimedEvent) -> DiscordChannel:
        event, target = await self._placed(event, claimed.received_at.timestamp())
        return DiscordChannel(event, target, self._api, self._own_id, self._pace, self._file_characters)

    async def _placed(self, event: Event, received: float) -> tuple[Event, Target]:
        """The event in its conversation, and where its answer goes; opens the thread that was asked for."""
        if event.token:
            await self._acknowledgements.acknowledged(event.id)
            thread = await self._thread_under(event) if event.open_thread else ""
            if thread:
                event = replace(event, thread=thread)
                return event, ChannelTarget(self._api, self._own_id, thread, event.id)
            later = ChannelTarget(self._api, self._own_id, event.channel, event.id)
            return event, InteractionTarget(self._api, event, later, received, self._token_seconds)
        if event.open_thread:
            thread = await self._api.open_thread(event.channel, event.message, event.open_thread)
            return event, ChannelTarget(self._api, self._own_id, thread, event.id)
        return event, ChannelTarget(self._api, self._own_id, event.channel, event.id, event.message)

    async def _thread_under(self, event: Event) -> str:
        """A thread under the response to an interaction; "" where none can be opened."""
        try:
            sent = await self._api.edit_response(event.app, event.token, ORIGINAL, plain(IN_THREAD))
            return await self._api.open_thread(event.channel, sent["id"], event.open_thread)
        except discord.HTTPException as error:
            log.info("no thread was opened: %s", error)
            return ""

    async def _explain(self, event: Event, error: BaseException) -> None:
        """Try again later what may pass; of the rest tell the person, privately, what is missing."""
        if is_passing(error):
            raise TryLater(_AGAIN_SECONDS)
        log.warning("an answer cannot be shown: %s", error)
        if not isinstance(error, discord.HTTPException) or error.code not in _FORBIDDEN or event.direct:
            return
        try:
            channel = await self._api.direct_channel(event.user)
            await self._api.post(channel, plain(self._missing(event)))
        except UNDELIVERED as refused:
            log.info("nobody could be told: %s", type(refused).__name__)
