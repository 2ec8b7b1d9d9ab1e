"""Answers slash commands out of the inbox: each where those it concerns can read it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.slack.handling.admin import Admin
from adapters.slack.handling.command_text import ADMIN, as_command, is_admin, own_command_meant
from adapters.slack.handling.prompt_runner import PromptRunner
from adapters.slack.incoming.event import Event
from bot.core.errors import CommandError, RiffError
from bot.core.notices import Notice
from bot.interactions.requests import Ask, Resolved, resolve
from bot.jobs.inbox import ClaimedEvent
from bot.language import _
from bot.session.arguments import SESSION, plan_asked

if TYPE_CHECKING:
    from bot.app import App


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

    async def _answer(self, claimed: ClaimedEvent, event: Event, asked: Resolved, ask: Ask) -> None:
        if asked.command.name == SESSION:
            await self._session(claimed, event, asked, ask)
        elif asked.is_creative:
            await self._asking.in_new_thread(claimed, event, ask, ask.text)
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
        try:
            plan = plan_asked(asked.invocation, self._app.settings.session)
        except RiffError as error:
            await self._asking.follow(claimed, event, Notice(error.say))
            return
        if plan is not None:
            title = _("Brainstorm: {topic}", topic=plan.topic)
            await self._asking.in_new_thread(claimed, event, ask, title)
        elif around := await self._app.repositories.brainstorms.newest_around(event.place):
            await self._asking.prompt(claimed, replace(event, thread=around.place.thread), ask)
        else:
            await self._asking.prompt(claimed, event, ask, private=True)

    async def _administer(self, claimed: ClaimedEvent, event: Event) -> None:
        typed = str(event.values.get("typed", "")).strip().lstrip("/ ")
        try:
            notice = await self._admin.command(event, typed[len(ADMIN) :])
        except RiffError as error:
            notice = Notice(error.say)
        await self._asking.follow(claimed, event, notice)
