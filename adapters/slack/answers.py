"""Answers what the inbox kept: prompts, commands, buttons, forms and shortcuts, each through the pipeline."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.attachments import AttachmentError, joined
from adapters.slack import blocks
from adapters.slack.commands import SlashCommands
from adapters.slack.handling.admin import Admin
from adapters.slack.handling.prompt_runner import Asking
from adapters.slack.incoming.attachments import read_files
from adapters.slack.incoming.event import Heard
from adapters.slack.incoming.people import People
from adapters.slack.rendering.channel_factory import Channels
from adapters.slack.transport.api import Gone
from adapters.slack.transport.installations import Apis
from bot.core import notices
from bot.core.errors import RiffError
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.form_answers import FormAnswers
from bot.inbox import ClaimedEvent
from bot.inbox_notes import InboxNotes
from bot.interactions.actions import Action, ActionKind, Actions, Ask
from bot.jobs.scheduled import Errand

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.slack")


class Answers:
    """The inbox's handler for Slack."""

    def __init__(self, app: "App", apis: Apis, admin: Admin, people: People, paint_seconds: float) -> None:
        self._app = app
        self._apis = apis
        self._people = people
        self._channels = Channels(apis, InboxNotes(app.database), paint_seconds)
        self._asking = Asking(app, admin, people, self._channels)
        self._commands = SlashCommands(app, admin, self._asking)
        self._actions = Actions(app.memory)
        self._forms = FormAnswers(app.memory, app.moderator, app.settings.limits)

    async def answer(self, event: ClaimedEvent) -> None:
        """Raises what kept the answer from Slack; where nothing can be delivered any more it is given up."""
        errand = Errand.read(event)
        try:
            if errand is not None:
                await self._run_errand(event, errand)
            else:
                heard = Heard.read(event.payload)
                await self._people.speak_to(heard)
                await self._answer(event, heard)
                if heard.kind != "message" or heard.text.startswith("/"):
                    self._people.changed(heard)
        except Gone as error:
            log.info("nothing can be delivered there: %s", error)

    async def apologise(self, event: ClaimedEvent) -> None:
        """Unless something was said already. What Riff does by itself is done late, if it did not fail too often."""
        if Errand.read(event) is not None:
            if event.attempt <= self._app.settings.inbox.attempts:
                await self.answer(event)
            return
        heard = Heard.read(event.payload)
        await self._people.speak_to(heard)
        channel = await self._channels.of(event, heard)
        if not await channel.resume():
            async with channel:
                await channel.notice(notices.TOO_LATE)

    async def stopped(self, event: ClaimedEvent) -> None:
        """What was written stays; the person hears that it ended."""
        if Errand.read(event) is None:
            heard = Heard.read(event.payload)
            await self._people.speak_to(heard)
            async with await self._channels.of(event, heard) as channel:
                await channel.notice(notices.CANCELLED)

    async def _run_errand(self, event: ClaimedEvent, errand: Errand) -> None:
        is_again = event.attempt > 1
        channel = await self._channels.of_errand(event, errand.place)
        if is_again:
            await channel.resume()
        async with channel:
            await self._app.errands.do(errand, channel, resume=is_again)

    async def _answer(self, event: ClaimedEvent, heard: Heard) -> None:
        if not heard.channel:  # App Home lies in no channel: the answer goes to the direct message
            heard = replace(
                heard, channel=await (await self._channels.private(event, heard)).direct_channel()
            )
        match heard.kind:
            case "command":
                await self._commands.answer(event, heard)
            case "action":
                await self._action(event, heard)
            case "form":
                await self._form(event, heard)
            case "shortcut":
                await self._asking.prompt(event, heard, Ask(str(heard.values["text"])))
            case _:
                await self._message(event, heard)

    async def _message(self, event: ClaimedEvent, heard: Heard) -> None:
        files = heard.values.get("files") or []
        try:
            _api, installed = await self._apis.of(heard.team, heard.enterprise)
            api_url, listener = self._app.settings.slack.api_url, self._app.listener
            read = await read_files(files, installed.token, api_url, listener) if files else []
            text = joined(heard.text, read, self._app.settings.limits.prompt_characters)
        except AttachmentError as error:
            await self._asking.follow(event, heard, Notice(error.say))
            if not heard.text or await self._app.memory.brainstorms.running_in(heard.place) is None:
                return
            text = heard.text  # an idea beside a picture is an idea
        await self._asking.prompt(event, heard, Ask(text))

    async def _action(self, event: ClaimedEvent, heard: Heard) -> None:
        action = Action.parse(str(heard.values.get("action", "")))
        if action is None:
            return
        if action.kind is ActionKind.SHARE:
            await self._share(event, heard, action)
            return
        try:
            name = (await self._people.of(heard)).name
            outcome = await self._actions.perform(action, heard.author, name)
        except RiffError as error:
            outcome = Notice(error.say)
        await self._asking.follow(event, heard, outcome)

    async def _form(self, event: ClaimedEvent, heard: Heard) -> None:
        values = heard.values
        filled = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in dict(values["fields"]).items()
        }
        try:
            outcome: Notice | Ask | Form = await self._forms.submit(
                str(values["name"]), str(values["target"]), filled, heard.author, heard.place
            )
        except RiffError as error:
            outcome = Notice(error.say)
        await self._asking.follow(event, heard, outcome)

    async def _share(self, event: ClaimedEvent, heard: Heard, action: Action) -> None:
        """An answer that only one person saw, shown to all, if it was that person's and passes again."""
        person = await self._app.memory.people.find(heard.author)
        answer = await self._app.memory.conversations.message(int(action.target))
        if answer is None or answer.person_id != person:
            return
        passed, _verdict = await self._app.moderator.passed(answer.content)
        if passed is None:
            await self._asking.follow(event, heard, notices.BLOCKED_ANSWER)
            return
        posts = await self._channels.posts(event, heard)
        if event.attempt == 1 or not (await posts.find()).parts:
            await posts.post(blocks.prose(passed.text), "part-0")
