"""What `/riff …` comes to: ideas in a new thread, a brainstorm with others, what an admin sets, a private answer."""

from dataclasses import replace
from typing import TYPE_CHECKING

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
from adapters.slack.handling.prompt_runner import Asking
from adapters.slack.incoming.event import Heard
from bot.core.errors import RiffError
from bot.core.notices import Notice
from bot.generation.applications.template_briefs import template_named
from bot.inbox import ClaimedEvent
from bot.interactions.actions import Ask
from bot.language import _
from bot.session.starting import plan_asked

if TYPE_CHECKING:
    from bot.app import App


class SlashCommands:
    """Answers slash commands out of the inbox."""

    def __init__(self, app: "App", admin: Admin, asking: Asking) -> None:
        self._app = app
        self._admin = admin
        self._asking = asking

    async def answer(self, event: ClaimedEvent, heard: Heard) -> None:
        """Raises what kept the answer from Slack."""
        line = as_command(heard.text)
        if is_admin(line):
            await self._administer(event, heard)
            return
        if is_session(line):
            await self._session(event, heard, line)
            return
        if await self._is_creative(heard, line):
            await self._asking.in_new_thread(event, heard, Ask(line), line)
        elif command_of(line) is None and (meant := own_command_meant(line)):
            told = _("I don't know that command. Did you mean {command}?", command=meant)
            await self._asking.follow(event, heard, Notice(told))
        else:
            await self._asking.prompt(event, heard, Ask(line), private=True)

    async def _is_creative(self, heard: Heard, line: str) -> bool:
        """Whether ideas come of it, by a command or one of the workspace's templates: all may see them."""
        if is_creative(line):
            return True
        name, _space, words = template_in(line).partition(" ")
        templates = self._app.memory.templates
        return bool(words and name) and await template_named(templates, heard.place, name) is not None

    async def _session(self, event: ClaimedEvent, heard: Heard, line: str) -> None:
        """A brainstorm begins in a thread of its own; what is typed in the channel later is meant for its thread."""
        try:
            plan = plan_asked(line, self._app.settings.session)
        except RiffError as error:
            await self._asking.follow(event, heard, Notice(error.say))
            return
        if plan is not None:
            await self._asking.in_new_thread(
                event, heard, Ask(line), _("Brainstorm: {topic}", topic=plan.topic)
            )
        elif around := await self._app.memory.brainstorms.newest_around(heard.place):
            await self._asking.prompt(event, replace(heard, thread=around.place.thread), Ask(line))
        else:
            await self._asking.prompt(event, heard, Ask(line), private=True)

    async def _administer(self, event: ClaimedEvent, heard: Heard) -> None:
        words = str(heard.values.get("typed", "")).strip().partition(" ")[2]
        try:
            notice = await self._admin.command(heard, words)
        except RiffError as error:
            notice = Notice(error.say)
        await self._asking.follow(event, heard, notice)
