"""Answers events out of the inbox: chooses where the answer goes, and says what kept it from being shown."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

import discord

from adapters.common.attachments import AttachmentError, explained
from adapters.discord.commands.admin import ServerRules
from adapters.discord.gateway.api import MISSING_ACCESS, MISSING_PERMISSIONS, Api
from adapters.discord.gateway.edit_pace import Pace
from adapters.discord.incoming.event import Event, Files
from adapters.discord.incoming.rights import Rights
from adapters.discord.rendering.channel import DiscordChannel
from adapters.discord.rendering.forum_tags import ForumTags
from adapters.discord.rendering.markdown import readable
from adapters.discord.rendering.modals import more_row
from adapters.discord.rendering.posts import Forum, ScheduledJobTarget, scheduled_job_event
from adapters.discord.rendering.sending import (
    ORIGINAL,
    TOKEN_SECONDS,
    ChannelTarget,
    InteractionTarget,
    Target,
    plain,
)
from adapters.discord.rendering.streamed_message import UNDELIVERED, is_passing
from bot.answering.pipeline import Pipeline
from bot.core.commands import Invocation, is_private, typed_command
from bot.core.domain import Repositories, Request, Spelling
from bot.core.errors import CommandError
from bot.core.notices import TOO_LATE, Notice
from bot.core.text_cleaning import clean
from bot.interactions.asked_lines import AskedFor
from bot.interactions.resolver import resolve
from bot.jobs.inbox import ClaimedEvent, TryLater
from bot.jobs.scheduled import ScheduledJob, ScheduledJobs
from bot.language import N_, _, speaking
from bot.places.titles import Titles
from bot.session import timing

log = logging.getLogger("riff.discord")

_AGAIN_SECONDS = 10.0
_NAME = 100
"""Most characters of a thread's name."""
IN_THREAD = N_("Here, in a thread.")
MORE = N_("The form has more fields:")
UNREAD_IDEAS = N_(
    "I can't read what is written here without mentioning me. Put ideas on the board with /session idea, or mention"
    " me; or whoever runs me switches on Message Content Intent."
)
_FORBIDDEN = {MISSING_ACCESS, MISSING_PERMISSIONS}


class NoThread(Exception):
    """What was asked for needs a thread, and none can be opened; the person was told."""


class Acknowledgements(Protocol):
    """Knows which interactions still wait for their first response."""

    async def acknowledged(self, event_id: str) -> None: ...


class DiscordHandler:
    """The inbox's handler for Discord; `token_seconds` is how long an interaction can be answered."""

    def __init__(
        self,
        pipeline: Pipeline,
        repositories: Repositories,
        api: Api,
        pace: Pace,
        own_id: str,
        acknowledgements: Acknowledgements,
        files: Files,
        rules: ServerRules,
        rights: Rights,
        missing: Callable[[Event], str],
        scheduled_jobs: ScheduledJobs,
        forum: Forum,
        titles: Titles,
        reads_content: Callable[[], bool],
        registered: Mapping[str, str],
        tags: ForumTags,
        *,
        file_characters: int,
        token_seconds: float = TOKEN_SECONDS,
    ) -> None:
        self._pipeline = pipeline
        self._templates = repositories.templates
        self._notes = repositories.platform_state
        self._api = api
        self._pace = pace
        self._own_id = own_id
        self._acknowledgements = acknowledgements
        self._files = files
        self._rules = rules
        self._rights = rights
        self._missing = missing
        self._scheduled_jobs = scheduled_jobs
        self._forum = forum
        self._titles = titles
        self._reads_content = reads_content
        self._spelling = Spelling(registered=registered)
        self._tags = tags
        self._file_characters = file_characters
        self._token_seconds = token_seconds
        self._live: dict[str, DiscordChannel] = {}

    async def answer(self, claimed: ClaimedEvent) -> None:
        """Answer one event; raises when that may work later."""
        event = Event.read(claimed.payload)
        with speaking(event.locale):
            await self._answer(event, claimed)

    async def _answer(self, event: Event, claimed: ClaimedEvent) -> None:
        again = claimed.attempt > 1
        try:
            channel = await self._channel(event, claimed)
        except NoThread:
            return
        except UNDELIVERED as error:
            await self._explain(event, error)
            return
        self._live[event.id] = channel  # stays there when it is cancelled: `stopped` goes on with it
        await self._work(event, claimed, channel, again=again)
        self._live.pop(event.id, None)
        if channel.failure is not None:
            await self._explain(event, channel.failure)

    async def do(self, claimed: ClaimedEvent, job: ScheduledJob) -> None:
        """Do what nobody asked for just now: there is nobody to tell what keeps it from being shown."""
        place = job.place
        if job.to:
            place = replace(place, channel=await self._api.direct_channel(job.to))
        event = scheduled_job_event(job.event_id, place)
        target = ScheduledJobTarget(self._api, self._own_id, event.channel, event.id, self._notes)
        channel = self._live[event.id] = self._shown_in(event, target, claimed)
        again = claimed.attempt > 1
        try:
            async with channel.working(again=again):
                await self._scheduled_jobs.do(job, channel, resume=again)
            if job.kind == timing.KIND and job.values["do"] == timing.ENTER:
                await self._tags.mark(job.place, str(job.values["phase"]))
        except UNDELIVERED as error:
            channel.failure = error
        self._live.pop(event.id, None)
        if channel.failure is not None:
            await self._explain(event, channel.failure)
        await target.done()

    async def _work(
        self, event: Event, claimed: ClaimedEvent, channel: DiscordChannel, *, again: bool
    ) -> None:
        try:
            async with channel.working(again=again):
                if refusal := await self._rules.refusal(event):
                    if not event.is_quiet:
                        await channel.refuse(refusal)
                    return
                text = await self._files.text_of(event)
                request = await self._files.asked(channel.event) or await self._read(text, event)
                channel.is_private = _is_private(request, text)
                incoming = await self._rights.now(channel.event.incoming(claimed.received_at, text, request))
                incoming = replace(incoming, spelling=self._spelling)
                await self._pipeline.handle(incoming, channel, resume=again)
                if event.more and not again:
                    await channel.offer(_(MORE), more_row(event.more))
                if event.needs_thread and not self._reads_content():
                    await channel.notice(Notice(_(UNREAD_IDEAS), private=False))
        except AttachmentError as error:
            await channel.notice(await explained(error, self._titles, event.place))
        except UNDELIVERED as error:
            channel.failure = error

    async def _read(self, text: str, event: Event) -> Invocation | None:
        """The command that was typed; None where there is none, or one that the pipeline says the fault of."""
        try:
            asked = await resolve(clean(text), self._templates, event.place)
        except CommandError:
            return None
        return asked.invocation if asked else None

    async def apologise(self, claimed: ClaimedEvent) -> None:
        """Too late to answer: say so to whoever asked."""
        event = Event.read(claimed.payload)
        with speaking(event.locale):
            channel = await self._channel(event, claimed)
            await channel.notice(TOO_LATE)

    async def stopped(self, claimed: ClaimedEvent) -> None:
        """Stopped by a person: what was shown stays, marked as stopped."""
        channel = self._live.pop(claimed.event_id, None)
        event = channel.event if channel else Event.read(claimed.payload)
        with speaking(event.locale):
            await (channel or await self._channel(event, claimed)).stopped()

    async def _channel(self, event: Event, claimed: ClaimedEvent) -> DiscordChannel:
        event, target = await self._placed(event, claimed.received_at.timestamp())
        return self._shown_in(event, target, claimed)

    def _shown_in(self, event: Event, target: Target, claimed: ClaimedEvent) -> DiscordChannel:
        publish = partial(self._forum.publish, event, since=claimed.received_at)
        return DiscordChannel(
            event, target, self._api, self._own_id, self._pace, self._file_characters, self._notes, publish
        )

    async def _placed(self, event: Event, received: float) -> tuple[Event, Target]:
        """The event in its conversation, and where its answer goes; opens the thread that was asked for."""
        if event.token:
            await self._acknowledgements.acknowledged(event.id)
        name = await self._titles.shown(event.open_thread, event.place, _NAME) if event.open_thread else ""
        thread = await self._opened(event, name) if name else ""
        if thread:
            return replace(event, thread=thread), ChannelTarget(self._api, self._own_id, thread, event.id)
        if name and event.needs_thread:
            await self._tell_of_no_thread(event)
            raise NoThread
        target = ChannelTarget(self._api, self._own_id, event.channel, event.id, event.message)
        if event.token:
            return event, InteractionTarget(self._api, event, target, received, self._token_seconds)
        return event, target

    async def _opened(self, event: Event, name: str) -> str:
        """A thread on the message, or under the response to an interaction; "" where none can be opened there."""
        if not event.token:
            return await self._api.open_thread(event.channel, event.message, name)
        try:
            sent = await self._api.edit_response(event.app, event.token, ORIGINAL, plain(_over(event, name)))
            return await self._api.open_thread(event.channel, sent["id"], name)
        except discord.HTTPException as error:
            log.info("no thread was opened: %s", error)
            return ""

    async def _tell_of_no_thread(self, event: Event) -> None:
        await self._api.edit_response(event.app, event.token, ORIGINAL, plain(self._missing(event)))

    async def _explain(self, event: Event, error: BaseException) -> None:
        """Try again later what may pass; of the rest tell the person, privately, what is missing."""
        if is_passing(error):
            raise TryLater(_AGAIN_SECONDS)
        log.warning("an answer cannot be shown: %s", error)
        if not isinstance(error, discord.HTTPException) or error.code not in _FORBIDDEN or event.direct:
            return
        if not event.user:
            return
        try:
            channel = await self._api.direct_channel(event.user)
            await self._api.post(channel, plain(self._missing(event)))
        except UNDELIVERED as refused:
            log.info("nobody could be told: %s", type(refused).__name__)


def _over(event: Event, topic: str) -> str:
    """What stands over a thread: who asked for what."""
    said = AskedFor(event.said, topic).told(f"**<@{event.user}>**", readable(topic))
    return said or _(IN_THREAD)


def _is_private(request: Request | None, text: str) -> bool:
    """Whether what is answered is for whoever asked only, also where the command cannot be understood."""
    if isinstance(request, Invocation):
        return is_private(request.command, request.verb)
    typed = typed_command(text)
    return typed is not None and is_private(typed.name, "")
