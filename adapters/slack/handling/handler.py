"""Answers what the inbox kept: prompts, commands, buttons, forms and shortcuts, each through the pipeline."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from adapters.common.attachments import Attachment, AttachmentError, explained, joined, read_files
from adapters.slack.handling.admin import FORM, Admin
from adapters.slack.handling.opinion_presses import OpinionPresses
from adapters.slack.handling.prompt_runner import PromptRunner, SlashCommands
from adapters.slack.handling.review_messages import ReviewPresses
from adapters.slack.incoming.agent_view import AgentView
from adapters.slack.incoming.event import Event, file_of, source
from adapters.slack.incoming.members import Members
from adapters.slack.rendering import block_kit
from adapters.slack.rendering.channel_factory import ChannelFactory
from adapters.slack.rendering.modals import frozen
from adapters.slack.transport.api import Gone
from adapters.slack.transport.installations import Apis
from bot.core import notices
from bot.core.buttons import REVIEWS, Action, ActionKind
from bot.core.commands.declaration import PASTED
from bot.core.domain import request_from_json
from bot.core.errors import RiffError
from bot.core.forms import FAVOURITES
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers
from bot.interactions.idea_opinions import OPINIONS
from bot.interactions.reach import Reach
from bot.interactions.resolver import Ask
from bot.jobs.inbox import ClaimedEvent, InboxNotes
from bot.jobs.scheduled import ScheduledJob
from bot.places.review_panel import RULE_FORM, TERM
from bot.places.titles import Titles
from bot.session import session_presses

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.slack")


class SlackHandler:
    """The inbox's handler for Slack."""

    def __init__(
        self,
        app: "App",
        apis: Apis,
        admin: Admin,
        members: Members,
        agents: AgentView,
        paint_seconds: float,
    ) -> None:
        self._app = app
        self._apis = apis
        self._admin = admin
        self._members = members
        self._channels = ChannelFactory(
            apis, InboxNotes(app.database), app.repositories.platform_state, agents, paint_seconds
        )
        self._asking = PromptRunner(app, members, self._channels)
        self._commands = SlashCommands(app, admin, self._asking)
        self._reviews = ReviewPresses(app, apis, members, self._asking)
        self._actions = Actions(app.repositories, app.session_presses)
        self._forms = FormAnswers(app.repositories)
        self._opinions = OpinionPresses(app, self._channels, self._asking)
        self._titles = Titles(app.moderator, app.policies)

    async def answer(self, claimed: ClaimedEvent) -> None:
        """Raises what kept the answer from Slack; where nothing can be delivered any more it is given up."""
        event = Event.read(claimed.payload)
        try:
            if event.kind == "message":
                await self._message(claimed, event)
            else:
                await self._members.speak_to(event)
                await self._answer(claimed, event)
            if event.kind != "message" or event.text.startswith("/"):
                self._members.changed(event)
        except Gone as error:
            log.info("nothing can be delivered there: %s", error)

    async def apologise(self, claimed: ClaimedEvent) -> None:
        """Unless something was said already."""
        event = Event.read(claimed.payload)
        if event.kind == "invited":  # nobody waits for an answer
            return
        await self._members.speak_to(event)
        channel = await self._channels.of(claimed, event)
        if not await channel.resume():
            async with channel:
                await channel.notice(notices.TOO_LATE)

    async def stopped(self, claimed: ClaimedEvent) -> None:
        """What was written stays; the person hears that it ended."""
        event = Event.read(claimed.payload)
        await self._members.speak_to(event)
        async with await self._channels.of(claimed, event) as channel:
            channel.take_over()
            await channel.notice(notices.CANCELLED)

    async def do(self, claimed: ClaimedEvent, job: ScheduledJob) -> None:
        """What Riff does by itself; where nothing can be delivered any more it is given up."""
        is_again = claimed.attempt > 1
        try:
            channel = await self._channels.of_scheduled_job(claimed, job.place, job.to)
            if is_again:
                await channel.resume()
            async with channel:
                await self._app.scheduled_jobs.do(job, channel, resume=is_again)
        except Gone as error:
            log.info("nothing can be delivered there: %s", error)

    async def _answer(self, claimed: ClaimedEvent, event: Event) -> None:
        if not event.channel:  # App Home lies in no channel: the answer goes to the direct message
            event = replace(
                event, channel=await (await self._channels.private(claimed, event)).direct_channel()
            )
        match event.kind:
            case "command":
                await self._commands.answer(claimed, event)
            case "action":
                await self._action(claimed, event)
            case "form":
                await self._form(claimed, event)
            case "invited":
                await self._introduce(claimed, event)
            case _:
                meant = request_from_json(event.values.get("request"))
                await self._asking.prompt(claimed, event, Ask(str(event.values["text"]), meant))

    async def _introduce(self, claimed: ClaimedEvent, event: Event) -> None:
        """Say what Riff is for in a channel that it was invited to, once, and where it may answer."""
        if await self._members.refusal(event):
            return
        panel = await self._app.first_contact.of(event.place, event.event_id)
        if panel is None:
            return
        async with await self._channels.of(claimed, event) as channel:
            if claimed.attempt > 1:
                await channel.resume()
            await channel.panel(panel)

    async def _message(self, claimed: ClaimedEvent, event: Event) -> None:
        text: str | None = event.text
        if files := event.values.get("files"):
            await self._members.speak_to(event)
            text = await self._with_files(claimed, event, files)
        if text is not None:
            await self._asking.prompt(claimed, event, Ask(text))

    async def _with_files(
        self, claimed: ClaimedEvent, event: Event, files: Sequence[Mapping[str, Any]]
    ) -> str | None:
        """The message with what is attached to it; None where that cannot be read, of which the person is told."""
        try:
            read = await self._read(event, files)
            return joined(event.text, read, self._app.settings.limits.prompt_characters)
        except AttachmentError as error:
            told = await explained(error, self._titles, event.place)
            await self._asking.follow(claimed, event, told)
            is_idea = event.text and await self._app.repositories.brainstorms.running_in(event.place)
            return event.text if is_idea else None  # an idea beside a picture is an idea

    async def _action(self, claimed: ClaimedEvent, event: Event) -> None:
        action = Action.parse(str(event.values.get("action", "")))
        if action is None:
            return
        if action.kind in REVIEWS:
            await self._reviews.press(claimed, event, action)
            return
        if action.kind is ActionKind.SHARE:
            await self._share(claimed, event, action)
            return
        if action.kind in OPINIONS:
            await self._opinions.pressed(claimed, event, action)
            return
        try:
            outcome = await self._actions.perform(
                action,
                event.author,
                event.place,
                (await self._members.of(event)).name,
                values=tuple(event.values.get("chosen", ())),
                by_admin=action.kind in session_presses.KINDS - session_presses.FOR_ALL
                and await self._members.is_admin(event, anew=True),
            )
        except RiffError as error:
            outcome = Notice(error.say)
        if action.kind is ActionKind.THREAD and isinstance(outcome, Ask) and not event.direct:
            apart = replace(event, ts="", thread="")
            await self._asking.in_new_thread(claimed, apart, outcome)
            return
        await self._asking.follow(claimed, event, outcome)

    async def _form(self, claimed: ClaimedEvent, event: Event) -> None:
        name, target = str(event.values["name"]), str(event.values["target"])
        if name == RULE_FORM:
            term = str(event.values["fields"].get(TERM, ""))
            await self._reviews.add_rule(claimed, event, target, term)
            return
        if name == FAVOURITES:
            await self._opinions.picked(claimed, event, target, frozen(event.values["fields"]))
            return
        try:
            filled = frozen(event.values["fields"]) | await self._handed_over(event)
            if name == FORM:
                await self._commands.tell(claimed, event, self._admin.keep(event, filled))
                return
            ask = await self._forms.submit(name, target, filled, event.author, event.place)
        except AttachmentError as error:
            await self._asking.follow(claimed, event, await explained(error, self._titles, event.place))
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
        else:
            await self._commands.ask(claimed, event, ask)

    async def _handed_over(self, event: Event) -> dict[str, str]:
        """What the files in a form say, by field. Raises AttachmentError."""
        given = event.values.get("handed_over") or {}
        return {name: joined("", await self._read(event, files), PASTED) for name, files in given.items()}

    async def _read(self, event: Event, files: Sequence[Mapping[str, Any]]) -> Sequence[Attachment]:
        _api, installed = await self._apis.of(event.team, event.enterprise)
        slack = source(installed.token, self._app.settings.slack.api_url)
        most = self._app.settings.limits.prompt_characters
        return await read_files(list(map(file_of, files)), slack, self._app.listener, most)

    async def _share(self, claimed: ClaimedEvent, event: Event, action: Action) -> None:
        """An answer that only one person saw, shown to all, if it was that person's and passes again."""
        reach = Reach(self._app.repositories, event.author, event.place)
        answer = await reach.own_answer(int(action.target)) if action.target.isdecimal() else None
        if answer is None:
            return
        passed, _verdict = await self._app.moderator.passed(answer)
        if passed is None:
            await self._asking.follow(claimed, event, notices.BLOCKED_ANSWER)
            return
        posts = await self._channels.posts(claimed, event)
        if claimed.attempt == 1 or not (await posts.find()).parts:
            await posts.post(block_kit.prose(passed.text), "part-0")
        await self._app.repositories.conversations.share(int(action.target))
