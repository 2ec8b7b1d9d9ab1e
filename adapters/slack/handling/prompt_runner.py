"""Puts what people ask for, slash commands too, through the pipeline, in the thread where its answer belongs."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.slack.handling.admin import Admin
from adapters.slack.handling.command_text import (
    ADMIN,
    SPELLING,
    as_command,
    as_typed,
    is_admin,
    is_link,
    own_command_meant,
)
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.members import Members
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.channel_factory import ChannelFactory
from adapters.slack.rendering.panels import panel_looks
from adapters.slack.transport.api import Gone
from bot.core.buttons import Panel
from bot.core.domain import Brief, Incoming, Invocation
from bot.core.errors import CommandError, RiffError
from bot.core.notices import Notice
from bot.core.text_cleaning import clean
from bot.interactions.actions import Outcome
from bot.interactions.asked_lines import AskedFor, asked_for
from bot.interactions.resolver import Ask, Resolved, resolve
from bot.jobs.inbox import ClaimedEvent
from bot.language import N_, _
from bot.session.arguments import SESSION, is_for_later, plan_asked
from bot.session.session_presses import SourceMessage

if TYPE_CHECKING:
    from bot.app import App


NOT_A_MEMBER = Notice(
    N_(
        "I am not in this channel, and a brainstorm needs me there. Invite me with /invite @Riff, then start it again."
    )
)


class PromptRunner:
    """Each method raises what kept the answer from Slack."""

    def __init__(self, app: "App", members: Members, channels: ChannelFactory) -> None:
        self._app = app
        self._members = members
        self._channels = channels

    async def prompt(self, claimed: ClaimedEvent, event: Event, ask: Ask, *, private: bool = False) -> None:
        """The pipeline's answer in the thread, or for the person alone."""
        if refusal := await self._members.refusal(event):
            await self._members.speak_to(event)
            await self.follow(claimed, event, refusal)
            return
        channel = await self._channels.of(claimed, event, private=private)
        if claimed.attempt > 1:
            await channel.resume()
        async with channel:
            await self._app.pipeline.handle(
                await self._incoming(claimed, event, ask), channel, resume=claimed.attempt > 1
            )

    async def follow(self, claimed: ClaimedEvent, event: Event, outcome: Outcome) -> None:
        """What a press, a form or a check came to: a prompt to answer, or something to tell the person."""
        if isinstance(outcome, Ask):
            if event.answer_thread or event.direct:
                await self.prompt(claimed, event, outcome)
            elif await self._is_creative(event, outcome):
                await self.in_new_thread(claimed, event, outcome)
            else:
                await self.prompt(claimed, event, outcome, private=True)
        elif isinstance(outcome, Notice):
            await self.tell(claimed, event, outcome)
        elif isinstance(outcome, Panel):
            private = await self._channels.private(claimed, event)
            await private.send(panel_looks(outcome))
        elif isinstance(outcome, SourceMessage):
            private = await self._channels.private(claimed, event)
            await private.send([await self._channels.way_to(event, outcome)])

    async def tell(
        self, claimed: ClaimedEvent, event: Event, notice: Notice, *, with_names: bool = False
    ) -> None:
        """A sentence for the person alone."""
        private = await self._channels.private(claimed, event)
        await private.send(block_kit.notes(as_typed(notice.text), with_names=with_names))

    async def _is_creative(self, event: Event, ask: Ask) -> bool:
        """Whether ideas or texts come of it that all may see."""
        if not isinstance(ask.request, Invocation):
            return isinstance(ask.request, Brief)
        asked = await self.resolved(event, ask)
        return asked is not None and asked.is_creative

    async def in_new_thread(
        self, claimed: ClaimedEvent, event: Event, ask: Ask, *, needs_thread: bool = False
    ) -> None:
        """The answer to a command in a channel: under a message that says who asked for what.

        Where Riff may not post, for the person alone; what `needs_thread` is not done there, and says how it can be.
        """
        if event.direct:
            await self.prompt(claimed, event, ask)
            return
        asked = asked_for(ask.request, ask.text, self._app.settings.limits)
        passed, _verdict = await self._app.moderator.passed(asked.topic)
        root = None if passed is None else await self._root(claimed, event, asked, passed.text)
        if root is not None:
            await self.prompt(claimed, replace(event, ts=root, response_url=""), ask)
        elif needs_thread and passed is not None:
            await self.follow(claimed, event, NOT_A_MEMBER)
        else:
            await self.prompt(claimed, event, ask, private=True)

    async def _root(self, claimed: ClaimedEvent, event: Event, asked: AskedFor, topic: str) -> str | None:
        """The ts of the message that the thread hangs on; None where Riff may not post."""
        posts = await self._channels.posts(claimed, event)
        if claimed.attempt > 1 and (roots := (await posts.find()).roots):
            return roots[0].ts
        try:
            return (await posts.post(block_kit.asked(event.user, asked, topic), "root")).ts
        except Gone:
            return None

    async def _is_by_admin(self, event: Event, ask: Ask) -> bool:
        """Whether they manage the workspace; asked anew where that decides, so that a demotion counts at once."""
        asked = await self.resolved(event, ask)
        decides = asked is not None and (asked.is_for_admins(event.place) or asked.command.name == SESSION)
        return await self._members.is_admin(event, anew=decides)

    async def resolved(self, event: Event, ask: Ask) -> Resolved | None:
        """The command that is asked for; None for anything else."""
        asked = ask.request or clean(ask.text)
        if isinstance(asked, Brief):
            return None
        try:
            return await resolve(asked, self._app.repositories.templates, event.place)
        except CommandError:
            return None

    async def _incoming(self, claimed: ClaimedEvent, event: Event, ask: Ask) -> Incoming:
        person = await self._members.of(event)
        return Incoming(
            claimed.event_id,
            event.author,
            event.place,
            ask.text,
            claimed.received_at,
            ask.request,
            mentioned=event.kind != "message" or bool(event.values.get("mentioned")),
            by_admin=await self._is_by_admin(event, ask),
            author_name=person.name,
            locale=person.locale,
            spelling=SPELLING,
            time_zone=person.time_zone,
            workspace_name=await self._members.workspace_name(event) if is_link(ask.text) else "",
        )


# Answers slash commands out of the inbox: each where those it concerns can read it.


class SlashCommands:
    """Each method raises what kept the answer from Slack."""

    def __init__(self, app: "App", admin: Admin, asking: PromptRunner) -> None:
        self._app = app
        self._admin = admin
        self._asking = asking

    async def answer(self, claimed: ClaimedEvent, event: Event) -> None:
        """Answer one; what cannot be read the pipeline says, as it does of any other text."""
        line = as_command(event.text)
        if is_admin(line):
            await self._administer(claimed, event)
            return
        try:
            asked = await resolve(line, self._app.repositories.templates, event.place)
        except CommandError:
            await self._explain(claimed, event, line)
            return
        if asked is None:
            await self._asking.prompt(claimed, event, Ask(line), private=True)
        else:
            await self._answer(claimed, event, asked, Ask(line, asked.invocation))

    async def ask(self, claimed: ClaimedEvent, event: Event, ask: Ask) -> None:
        """Answer what a form came to as the command that it is; in a thread there."""
        asked = await self._asking.resolved(event, ask)
        if asked is None or event.answer_thread:
            await self._asking.follow(claimed, event, ask)
        else:
            await self._answer(claimed, event, asked, ask)

    async def _answer(self, claimed: ClaimedEvent, event: Event, asked: Resolved, ask: Ask) -> None:
        if asked.command.name == SESSION:
            await self._session(claimed, event, asked, ask)
        elif asked.is_creative:
            await self._asking.in_new_thread(claimed, event, ask)
        else:
            await self._asking.prompt(claimed, event, ask, private=True)

    async def _explain(self, claimed: ClaimedEvent, event: Event, line: str) -> None:
        """Say what is wrong with a line: perhaps a command of Slack's own is meant."""
        if meant := own_command_meant(line):
            told = _("I don't know that command. Did you mean {command}?", command=meant)
            await self._asking.follow(claimed, event, Notice(told))
        else:
            await self._asking.prompt(claimed, event, Ask(line), private=True)

    async def _session(self, claimed: ClaimedEvent, event: Event, asked: Resolved, ask: Ask) -> None:
        """A brainstorm begins in a thread of its own; what is typed in the channel later is meant for its thread."""
        if is_for_later(asked.invocation):
            await self._asking.prompt(claimed, event, ask, private=True)
            return
        try:
            plan = plan_asked(asked.invocation, self._app.settings.session)
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        if plan is not None:
            await self._asking.in_new_thread(claimed, event, ask, needs_thread=True)
        elif around := await self._app.repositories.brainstorms.newest_around(event.place):
            await self._asking.prompt(claimed, replace(event, thread=around.place.thread), ask)
        else:
            await self._asking.prompt(claimed, event, ask, private=True)

    async def _administer(self, claimed: ClaimedEvent, event: Event) -> None:
        typed = str(event.values.get("typed", "")).strip().lstrip("/ ")
        await self.tell(claimed, event, self._admin.command(event, typed[len(ADMIN) :]))

    async def tell(self, claimed: ClaimedEvent, event: Event, work: Awaitable[Notice]) -> None:
        """What came of an admin's command or form, or what kept it from being done, with names as Slack shows them."""
        try:
            notice = await work
        except RiffError as error:
            notice = Notice(error.say)
        await self._asking.tell(claimed, event, notice, with_names=True)
