"""Answers what the inbox kept: prompts, commands, buttons, forms and shortcuts, each through the pipeline."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.common.attachments import AttachmentError, joined
from adapters.slack.handling.admin import Admin
from adapters.slack.handling.command_text import (
    as_command,
    command_of,
    is_admin,
    is_creative,
    is_session,
    own_command_meant,
    template_in,
)
from adapters.slack.handling.prompt_runner import PromptRunner
from adapters.slack.incoming.attachments import read_files
from adapters.slack.incoming.event import Event
from adapters.slack.incoming.people import People
from adapters.slack.rendering import blocks
from adapters.slack.rendering.channel_factory import ChannelFactory
from adapters.slack.transport.api import Gone
from adapters.slack.transport.installations import Apis
from bot.core import notices
from bot.core.buttons import Action, ActionKind
from bot.core.errors import RiffError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.generation.applications.template_briefs import template_named
from bot.interactions.actions import Actions, Ask
from bot.interactions.form_answers import FormAnswers
from bot.jobs.inbox import ClaimedEvent, InboxNotes
from bot.jobs.scheduled import ScheduledJob
from bot.language import _
from bot.session.arguments import plan_asked

if TYPE_CHECKING:
    from bot.app import App


class SlashCommands:
    """Answers slash commands out of the inbox."""

    def __init__(self, app: "App", admin: Admin, asking: PromptRunner) -> None:
        self._app = app
        self._admin = admin
        self._asking = asking

    async def answer(self, claimed: ClaimedEvent, event: Event) -> None:
        """Raises what kept the answer from Slack."""
        line = as_command(event.text)
        if is_admin(line):
            await self._administer(claimed, event)
            return
        if is_session(line):
            await self._session(claimed, event, line)
            return
        if await self._is_creative(event, line):
            await self._asking.in_new_thread(claimed, event, Ask(line), line)
        elif command_of(line) is None and (meant := own_command_meant(line)):
            told = _("I don't know that command. Did you mean {command}?", command=meant)
            await self._asking.follow(claimed, event, Notice(told))
        else:
            await self._asking.prompt(claimed, event, Ask(line), private=True)

    async def _is_creative(self, event: Event, line: str) -> bool:
        """Whether ideas come of it, by a command or one of the workspace's templates: all may see them."""
        if is_creative(line):
            return True
        name, _space, words = template_in(line).partition(" ")
        templates = self._app.repositories.templates
        return bool(words and name) and await template_named(templates, event.place, name) is not None

    async def _session(self, claimed: ClaimedEvent, event: Event, line: str) -> None:
        """A brainstorm begins in a thread of its own; what is typed in the channel later is meant for its thread."""
        try:
            plan = plan_asked(line, self._app.settings.session)
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        if plan is not None:
            await self._asking.in_new_thread(
                claimed, event, Ask(line), _("Brainstorm: {topic}", topic=plan.topic)
            )
        elif around := await self._app.repositories.brainstorms.newest_around(event.place):
            await self._asking.prompt(claimed, replace(event, thread=around.place.thread), Ask(line))
        else:
            await self._asking.prompt(claimed, event, Ask(line), private=True)

    async def _administer(self, claimed: ClaimedEvent, event: Event) -> None:
        words = str(event.values.get("typed", "")).strip().partition(" ")[2]
        try:
            notice = await self._admin.command(event, words)
        except RiffError as error:
            notice = Notice(error.say)
        await self._asking.follow(claimed, event, notice)


# Answers what the inbox kept: prompts, commands, buttons, forms and shortcuts, each through the pipeline.


log = logging.getLogger("riff.slack")


class SlackHandler:
    """The inbox's handler for Slack."""

    def __init__(self, app: "App", apis: Apis, admin: Admin, people: People, paint_seconds: float) -> None:
        self._app = app
        self._apis = apis
        self._people = people
        self._channels = ChannelFactory(apis, InboxNotes(app.database), paint_seconds)
        self._asking = PromptRunner(app, admin, people, self._channels)
        self._commands = SlashCommands(app, admin, self._asking)
        self._actions = Actions(app.repositories)
        self._forms = FormAnswers(app.repositories, app.moderator, app.settings.limits)

    async def answer(self, claimed: ClaimedEvent) -> None:
        """Raises what kept the answer from Slack; where nothing can be delivered any more it is given up."""
        job = ScheduledJob.read(claimed)
        try:
            if job is not None:
                await self._run_scheduled_job(claimed, job)
            else:
                event = Event.read(claimed.payload)
                await self._people.speak_to(event)
                await self._answer(claimed, event)
                if event.kind != "message" or event.text.startswith("/"):
                    self._people.changed(event)
        except Gone as error:
            log.info("nothing can be delivered there: %s", error)

    async def apologise(self, claimed: ClaimedEvent) -> None:
        """Unless something was said already. What Riff does by itself is done late, if it did not fail too often."""
        if ScheduledJob.read(claimed) is not None:
            if claimed.attempt <= self._app.settings.inbox.attempts:
                await self.answer(claimed)
            return
        event = Event.read(claimed.payload)
        await self._people.speak_to(event)
        channel = await self._channels.of(claimed, event)
        if not await channel.resume():
            async with channel:
                await channel.notice(notices.TOO_LATE)

    async def stopped(self, claimed: ClaimedEvent) -> None:
        """What was written stays; the person hears that it ended."""
        if ScheduledJob.read(claimed) is None:
            event = Event.read(claimed.payload)
            await self._people.speak_to(event)
            async with await self._channels.of(claimed, event) as channel:
                await channel.notice(notices.CANCELLED)

    async def _run_scheduled_job(self, claimed: ClaimedEvent, job: ScheduledJob) -> None:
        is_again = claimed.attempt > 1
        channel = await self._channels.of_scheduled_job(claimed, job.place)
        if is_again:
            await channel.resume()
        async with channel:
            await self._app.scheduled_jobs.do(job, channel, resume=is_again)

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
            case "shortcut":
                await self._asking.prompt(claimed, event, Ask(str(event.values["text"])))
            case _:
                await self._message(claimed, event)

    async def _message(self, claimed: ClaimedEvent, event: Event) -> None:
        files = event.values.get("files") or []
        try:
            _api, installed = await self._apis.of(event.team, event.enterprise)
            api_url, listener = self._app.settings.slack.api_url, self._app.listener
            most = self._app.settings.limits.prompt_characters
            read = await read_files(files, installed.token, api_url, listener, most) if files else []
            text = joined(event.text, read, most)
        except AttachmentError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            if not event.text or await self._app.repositories.brainstorms.running_in(event.place) is None:
                return
            text = event.text  # an idea beside a picture is an idea
        await self._asking.prompt(claimed, event, Ask(text))

    async def _action(self, claimed: ClaimedEvent, event: Event) -> None:
        action = Action.parse(str(event.values.get("action", "")))
        if action is None:
            return
        if action.kind is ActionKind.SHARE:
            await self._share(claimed, event, action)
            return
        try:
            name = (await self._people.of(event)).name
            outcome = await self._actions.perform(action, event.author, name)
        except RiffError as error:
            outcome = Notice(error.say)
        await self._asking.follow(claimed, event, outcome)

    async def _form(self, claimed: ClaimedEvent, event: Event) -> None:
        values = event.values
        filled = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in dict(values["fields"]).items()
        }
        try:
            outcome: Notice | Ask | Form = await self._forms.submit(
                str(values["name"]), str(values["target"]), filled, event.author, event.place
            )
        except RiffError as error:
            outcome = Notice(error.say)
        await self._asking.follow(claimed, event, outcome)

    async def _share(self, claimed: ClaimedEvent, event: Event, action: Action) -> None:
        """An answer that only one person saw, shown to all, if it was that person's and passes again."""
        person = await self._app.repositories.people.find(event.author)
        answer = await self._app.repositories.conversations.message(int(action.target))
        if answer is None or answer.person_id != person:
            return
        passed, _verdict = await self._app.moderator.passed(answer.content)
        if passed is None:
            await self._asking.follow(claimed, event, notices.BLOCKED_ANSWER)
            return
        posts = await self._channels.posts(claimed, event)
        if claimed.attempt == 1 or not (await posts.find()).parts:
            await posts.post(blocks.prose(passed.text), "part-0")
