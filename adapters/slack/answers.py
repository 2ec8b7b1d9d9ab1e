"""Answers what the inbox kept: prompts, commands, buttons, forms and shortcuts, each through the pipeline."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.attachments import AttachmentError, joined
from adapters.slack import blocks
from adapters.slack.admin import Admin
from adapters.slack.channels import Channels
from adapters.slack.files import read_files
from adapters.slack.heard import PLATFORM, Heard
from adapters.slack.installs import Apis
from adapters.slack.people import People
from adapters.slack.web import Gone
from adapters.slack.words import (
    as_command,
    as_typed,
    command_of,
    is_admin,
    is_session,
    own_command_meant,
    starts_session,
)
from bot import notices
from bot.actions import Action, ActionKind, Actions, Ask
from bot.domain import Incoming
from bot.errands import Errand
from bot.errors import RiffError
from bot.form_answers import FormAnswers
from bot.forms import Form
from bot.inbox import ClaimedEvent
from bot.language import _
from bot.notices import Notice

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger("riff.slack")


class Answers:
    """The inbox's handler for Slack."""

    def __init__(self, app: "App", apis: Apis, admin: Admin, people: People, paint_seconds: float) -> None:
        self._app = app
        self._apis = apis
        self._admin = admin
        self._people = people
        self._channels = Channels(apis, paint_seconds)
        self._actions = Actions(app.memory)
        self._forms = FormAnswers(app.memory, app.moderator)

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
                await self._command(event, heard)
            case "action":
                await self._action(event, heard)
            case "form":
                await self._form(event, heard)
            case "shortcut":
                await self._prompt(event, heard, Ask(str(heard.values["text"])))
            case _:
                await self._message(event, heard)

    async def _message(self, event: ClaimedEvent, heard: Heard) -> None:
        files = heard.values.get("files") or []
        try:
            _api, installed = await self._apis.of(heard.team, heard.enterprise)
            read = await read_files(files, installed.token, self._app.settings.slack.api_url) if files else []
            text = joined(heard.text, read, self._app.settings.limits.prompt_characters)
        except AttachmentError as error:
            await self._follow(event, heard, Notice(error.say))
        else:
            await self._prompt(event, heard, Ask(text))

    async def _prompt(self, event: ClaimedEvent, heard: Heard, ask: Ask, *, private: bool = False) -> None:
        if event.attempt == 1 and (refusal := await self._admin.refusal(heard)):
            await self._follow(event, heard, refusal)
            return
        channel = await self._channels.of(event, heard, private=private)
        if event.attempt > 1:
            await channel.resume()
        async with channel:
            await self._app.pipeline.handle(
                await self._incoming(event, heard, ask), channel, resume=event.attempt > 1
            )

    async def _command(self, event: ClaimedEvent, heard: Heard) -> None:
        line = as_command(heard.text)
        if is_admin(line):
            await self._administer(event, heard)
            return
        command = command_of(line)
        if starts_session(line) or (command is not None and command.brief is not None):
            await self._in_new_thread(event, heard, Ask(line))
        elif is_session(line) and (placed := await self._in_brainstorm(heard)):
            await self._prompt(event, placed, Ask(line))
        elif command is None and (meant := own_command_meant(line)):
            await self._follow(
                event, heard, Notice(_("I don't know that command. Did you mean {command}?", command=meant))
            )
        else:
            await self._prompt(event, heard, Ask(line), private=True)

    async def _in_brainstorm(self, heard: Heard) -> Heard | None:
        """The command as if typed in the thread of the channel's newest brainstorm: Slack has none in threads."""
        here = [
            one.place.thread
            for one in await self._app.memory.brainstorms.running()
            if (one.place.platform, one.place.workspace, one.place.channel)
            == (PLATFORM, heard.workspace, heard.channel)
        ]
        return replace(heard, thread=here[-1]) if here else None

    async def _administer(self, event: ClaimedEvent, heard: Heard) -> None:
        words = str(heard.values.get("typed", "")).strip().partition(" ")[2]
        try:
            notice = await self._admin.command(heard, words)
        except RiffError as error:
            notice = Notice(error.say)
        await self._follow(event, heard, notice)

    async def _action(self, event: ClaimedEvent, heard: Heard) -> None:
        action = Action.parse(str(heard.values.get("action", "")))
        if action is None:
            return
        if action.kind is ActionKind.SHARE:
            await self._share(event, heard, action)
            return
        try:
            outcome = await self._actions.perform(action, heard.author)
        except RiffError as error:
            outcome = Notice(error.say)
        await self._follow(event, heard, outcome)

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
        await self._follow(event, heard, outcome)

    async def _follow(self, event: ClaimedEvent, heard: Heard, outcome: Notice | Ask | Form) -> None:
        if isinstance(outcome, Ask):
            if heard.answer_thread or heard.direct:
                await self._prompt(event, heard, outcome)
            else:
                await self._in_new_thread(event, heard, outcome)
        elif isinstance(outcome, Notice):
            private = await self._channels.private(event, heard)
            await private.send(blocks.notes(as_typed(outcome.text)))

    async def _share(self, event: ClaimedEvent, heard: Heard, action: Action) -> None:
        """An answer that only one person saw, shown to all, if it was that person's and passes again."""
        person = await self._app.memory.people.find(heard.author)
        answer = await self._app.memory.conversations.message(int(action.target))
        if answer is None or answer.person_id != person:
            return
        passed, _verdict = await self._app.moderator.passed(answer.content)
        if passed is None:
            await self._follow(event, heard, notices.BLOCKED_ANSWER)
            return
        posts = await self._channels.posts(event, heard)
        if event.attempt == 1 or not (await posts.find()).parts:
            await posts.post(blocks.prose(passed.text), "part-0")

    async def _in_new_thread(self, event: ClaimedEvent, heard: Heard, ask: Ask) -> None:
        """The answer to a command in a channel: under a message that says who asked for what."""
        if heard.direct:
            await self._prompt(event, heard, ask)
            return
        passed, _verdict = await self._app.moderator.passed(ask.text)
        root = None if passed is None else await self._root(event, heard, passed.text)
        if root is None:
            await self._prompt(event, heard, ask, private=True)
        else:
            await self._prompt(event, replace(heard, ts=root, response_url=""), ask)

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
