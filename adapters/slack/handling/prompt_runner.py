"""Puts what people ask for through the pipeline, in the thread where its answer belongs."""

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.slack.handling.admin import Admin
from adapters.slack.handling.command_text import as_typed
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.people import People
from adapters.slack.rendering import blocks
from adapters.slack.rendering.channel_factory import ChannelFactory
from adapters.slack.transport.api import Gone
from bot.core.domain import Brief, Incoming, Invocation
from bot.core.errors import CommandError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.interactions.requests import Ask, resolve
from bot.jobs.inbox import ClaimedEvent

if TYPE_CHECKING:
    from bot.app import App


class PromptRunner:
    """Each method raises what kept the answer from Slack."""

    def __init__(self, app: "App", admin: Admin, people: People, channels: ChannelFactory) -> None:
        self._app = app
        self._admin = admin
        self._people = people
        self._channels = channels

    async def prompt(self, claimed: ClaimedEvent, event: Event, ask: Ask, *, private: bool = False) -> None:
        """The pipeline's answer in the thread, or for the person alone."""
        if claimed.attempt == 1 and (refusal := await self._admin.refusal(event)):
            await self.follow(claimed, event, refusal)
            return
        channel = await self._channels.of(claimed, event, private=private)
        if claimed.attempt > 1:
            await channel.resume()
        async with channel:
            await self._app.pipeline.handle(
                await self._incoming(claimed, event, ask), channel, resume=claimed.attempt > 1
            )

    async def follow(self, claimed: ClaimedEvent, event: Event, outcome: Notice | Ask | Form) -> None:
        """What a press, a form or a check came to: a prompt to answer, or something to tell the person."""
        if isinstance(outcome, Ask):
            if event.answer_thread or event.direct:
                await self.prompt(claimed, event, outcome)
            elif await self._is_creative(event, outcome):
                await self.in_new_thread(claimed, event, outcome, outcome.text)
            else:
                await self.prompt(claimed, event, outcome, private=True)
        elif isinstance(outcome, Notice):
            private = await self._channels.private(claimed, event)
            await private.send(blocks.notes(as_typed(outcome.text)))

    async def _is_creative(self, event: Event, ask: Ask) -> bool:
        """Whether ideas or texts come of it that all may see."""
        if not isinstance(ask.request, Invocation):
            return isinstance(ask.request, Brief)
        try:
            asked = await resolve(ask.request, self._app.repositories.templates, event.place)
        except CommandError:
            return False
        return asked is not None and asked.is_creative

    async def in_new_thread(self, claimed: ClaimedEvent, event: Event, ask: Ask, title: str) -> None:
        """The answer to a command in a channel: under a message that says who asked for what."""
        if event.direct:
            await self.prompt(claimed, event, ask)
            return
        passed, _verdict = await self._app.moderator.passed(title)
        root = None if passed is None else await self._root(claimed, event, passed.text)
        if root is None:
            await self.prompt(claimed, event, ask, private=True)
        else:
            await self.prompt(claimed, replace(event, ts=root, response_url=""), ask)

    async def _root(self, claimed: ClaimedEvent, event: Event, text: str) -> str | None:
        """The ts of the message that the thread hangs on; None where Riff may not post."""
        posts = await self._channels.posts(claimed, event)
        if claimed.attempt > 1 and (roots := (await posts.find()).roots):
            return roots[0].ts
        try:
            return (await posts.post(blocks.asked(event.user, text), "root")).ts
        except Gone:
            return None

    async def _incoming(self, claimed: ClaimedEvent, event: Event, ask: Ask) -> Incoming:
        person = await self._people.of(event)
        return Incoming(
            claimed.event_id,
            event.author,
            event.place,
            ask.text,
            claimed.received_at,
            ask.request,
            mentioned=event.kind != "message" or bool(event.values.get("mentioned")),
            by_admin=await self._admin.is_admin(event),
            author_name=person.name,
            locale=person.locale,
        )
