"""Puts what people ask for through the pipeline, in the thread where its answer belongs."""

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.slack import blocks
from adapters.slack.handling.admin import Admin
from adapters.slack.handling.command_text import as_typed, is_creative
from adapters.slack.incoming.event import Heard
from adapters.slack.incoming.people import People
from adapters.slack.rendering.channel_factory import Channels
from adapters.slack.transport.api import Gone
from bot.core.domain import Incoming
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.inbox import ClaimedEvent
from bot.interactions.actions import Ask

if TYPE_CHECKING:
    from bot.app import App


class Asking:
    """Each method raises what kept the answer from Slack."""

    def __init__(self, app: "App", admin: Admin, people: People, channels: Channels) -> None:
        self._app = app
        self._admin = admin
        self._people = people
        self._channels = channels

    async def prompt(self, event: ClaimedEvent, heard: Heard, ask: Ask, *, private: bool = False) -> None:
        """The pipeline's answer in the thread, or for the person alone."""
        if event.attempt == 1 and (refusal := await self._admin.refusal(heard)):
            await self.follow(event, heard, refusal)
            return
        channel = await self._channels.of(event, heard, private=private)
        if event.attempt > 1:
            await channel.resume()
        async with channel:
            await self._app.pipeline.handle(
                await self._incoming(event, heard, ask), channel, resume=event.attempt > 1
            )

    async def follow(self, event: ClaimedEvent, heard: Heard, outcome: Notice | Ask | Form) -> None:
        """What a press, a form or a check came to: a prompt to answer, or something to tell the person."""
        if isinstance(outcome, Ask):
            if heard.answer_thread or heard.direct:
                await self.prompt(event, heard, outcome)
            elif outcome.brief is not None or is_creative(outcome.text):
                await self.in_new_thread(event, heard, outcome, outcome.text)
            else:
                await self.prompt(event, heard, outcome, private=True)
        elif isinstance(outcome, Notice):
            private = await self._channels.private(event, heard)
            await private.send(blocks.notes(as_typed(outcome.text)))

    async def in_new_thread(self, event: ClaimedEvent, heard: Heard, ask: Ask, title: str) -> None:
        """The answer to a command in a channel: under a message that says who asked for what."""
        if heard.direct:
            await self.prompt(event, heard, ask)
            return
        passed, _verdict = await self._app.moderator.passed(title)
        root = None if passed is None else await self._root(event, heard, passed.text)
        if root is None:
            await self.prompt(event, heard, ask, private=True)
        else:
            await self.prompt(event, replace(heard, ts=root, response_url=""), ask)

    async def _root(self, event: ClaimedEvent, heard: Heard, text: str) -> str | None:
        """The ts of the message that the thread hangs on; None where Riff may not post."""
        posts = await self._channels.posts(event, heard)
        if event.attempt > 1 and (roots := (await posts.find()).roots):
            return roots[0].ts
        try:
            return (await posts.post(blocks.asked(heard.user, text), "root")).ts
        except Gone:
            return None

    async def _incoming(self, event: ClaimedEvent, heard: Heard, ask: Ask) -> Incoming:
        person = await self._people.of(heard)
        return Incoming(
            event.event_id,
            heard.author,
            heard.place,
            ask.text,
            event.received_at,
            ask.brief,
            mentioned=heard.kind != "message" or bool(heard.values.get("mentioned")),
            by_admin=await self._admin.is_admin(heard),
            author_name=person.name,
            locale=person.locale,
        )
