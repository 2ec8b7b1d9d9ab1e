"""Reads prompts from a terminal (or from lines on standard input), shows the replies, and runs its scheduled jobs."""

import asyncio
import getpass
import os
import re
import signal
import sys
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from adapters.console.channel import ConsoleChannel
from adapters.console.completion import LineCompleter
from adapters.console.input import EarlierLines, ask_line, ask_lines
from adapters.console.questions import Questions
from bot.config import Settings
from bot.core.commands import checked, render
from bot.core.domain import Account, Incoming, Invocation, Place
from bot.core.errors import RiffError
from bot.core.waking import waking_up
from bot.interactions.form_answers import asked_in_form, form_for
from bot.interactions.form_faults import declared_form
from bot.interactions.resolver import Resolved
from bot.jobs.inbox import ClaimedEvent, TryLater
from bot.jobs.inbox_worker import Worker
from bot.jobs.scheduled import ScheduledJob
from bot.language import LOCALE, _, environment_tag, speaking
from bot.session.timing import thread_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.app import App


PLATFORM = "console"
_LOOK_AGAIN_SECONDS = 0.2
_OTHER_TERMINAL_SECONDS = 3.0
_SETTLE_SECONDS, _LOOK_SECONDS = 120.0, 0.05


class ConsoleScheduledJobs:
    """The inbox's handler for one terminal; `screen` is held by whoever writes on it."""

    def __init__(
        self, console: Console, app: "App", place: Place, screen: asyncio.Lock, name: str = ""
    ) -> None:
        self._console = console
        self._app = app
        self._place = place
        self._screen = screen
        self._name = name

    async def run(self) -> None:
        """Do errands until cancelled."""
        await Worker(self._app.inbox, PLATFORM, self).run()

    async def settle(self) -> None:
        """Wait until what Riff has to say now is said."""
        found = await self._app.repositories.brainstorms.last_in(self._place)
        if found is None:
            return
        self._app.inbox.arrival(PLATFORM).set()
        async with asyncio.timeout(_SETTLE_SECONDS):
            while await self._app.inbox.rows.unfinished(PLATFORM, thread_of(found.id)):  # noqa: ASYNC110  (SQL knows)
                await asyncio.sleep(_LOOK_SECONDS)

    async def answer(self, event: ClaimedEvent) -> None:
        """Nobody asks by way of the inbox here."""

    async def do(self, event: ClaimedEvent, job: ScheduledJob) -> None:
        """Do one errand; one of another terminal is left to that."""
        if job.to != self._name if job.to else job.place != self._place:
            raise TryLater(_OTHER_TERMINAL_SECONDS)
        async with self._screen:
            channel = ConsoleChannel(self._console)
            await self._app.scheduled_jobs.do(job, channel, resume=event.attempt > 1)

    async def apologise(self, event: ClaimedEvent) -> None:
        """Nobody waits for an errand."""

    async def stopped(self, event: ClaimedEvent) -> None:
        """Nobody can stop one here."""


_MENTION = re.compile(r"^\s*@riff\b[\s,:]*", re.IGNORECASE)


class ConsoleAdapter:
    """One person at one terminal; the conversation lasts as long as the program runs, a brainstorm longer."""

    def __init__(
        self,
        console: Console | None = None,
        user: str | None = None,
        hint: "Callable[[], Awaitable[str]] | None" = None,
    ) -> None:
        self._console = console or Console(highlight=False)
        self._name = user or getpass.getuser()
        self._author = Account(PLATFORM, "local", self._name)
        self._hint = hint
        self._screen = asyncio.Lock()
        self._place: Place | None = None

    def is_configured(self, settings: Settings) -> bool:
        """Never by itself: people open the console with `riff chat`."""
        return False

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Answer until the end of the input; what is typed while Riff wakes up is answered once it has."""
        with speaking(environment_tag(os.environ)):
            scheduled_jobs = asyncio.create_task(self._do_errands(starting), name="console-errands")
            try:
                await self._converse(starting)
            finally:
                scheduled_jobs.cancel()
                await asyncio.wait({scheduled_jobs})

    async def _converse(self, starting: "asyncio.Task[App]") -> None:
        await self._greet()
        completer = LineCompleter(starting, self._author, self._here)
        async for line in ask_lines(EarlierLines(starting, self._author), completer):
            if line.strip():
                await self._answer(starting, line)
        self._console.print(_("Bye."), style="dim")

    async def _greet(self) -> None:
        if sys.stdin.isatty():
            self._console.print(_("Riff, your brainstorming partner."), style="bold green")
            self._console.print(
                _("Try /brainstorm 5 reusable coffee cups, or /help. Ctrl-D leaves."), style="dim"
            )
            if self._hint and (line := await self._hint()):
                self._console.print(line, style="dim")

    async def _do_errands(self, starting: "asyncio.Task[App]") -> None:
        await asyncio.wait({starting})
        if not starting.cancelled() and not starting.exception():
            app = starting.result()
            await ConsoleScheduledJobs(
                self._console, app, await self._here(app), self._screen, self._name
            ).run()

    async def _here(self, app: "App") -> Place:
        """The terminal's thread: that of a brainstorm which still runs in it, else a new one."""
        if self._place is None:
            new = Place(PLATFORM, "local", f"terminal-{self._name}", uuid.uuid4().hex, direct=True)
            running = await app.repositories.brainstorms.running_in_channel(new)
            self._place = self._place or (running[-1].place if running else new)
        return self._place

    async def _answer(self, starting: "asyncio.Task[App]", line: str) -> None:
        if not starting.done():
            with self._console.status(waking_up()) as status:
                while not starting.done():
                    status.update(waking_up())
                    await asyncio.wait({starting}, timeout=_LOOK_AGAIN_SECONDS)
        app = starting.result()
        place = await self._here(app)
        mention = _MENTION.match(line)
        request: Invocation | None = None
        if sys.stdin.isatty() and (asked := await self._asked_in_form(app, line, place)):
            request = await self._questioned(app, asked, place)
            if request is None:
                return
            line = render(asked.command, request)
        incoming = Incoming(
            uuid.uuid4().hex,
            self._author,
            place,
            line[mention.end() :] if mention else line,
            datetime.now(UTC),
            request,
            locale=LOCALE.get(),
            mentioned=mention is not None,
            author_name=self._name,
            by_admin=True,  # whoever sits at it runs it
        )
        async with self._screen:
            await self._show(app, incoming)
        if not sys.stdin.isatty():  # who cannot see what comes later has it before the next line
            await ConsoleScheduledJobs(self._console, app, place, self._screen, self._name).settle()

    async def _asked_in_form(self, app: "App", line: str, place: Place) -> Resolved | None:
        """The command of a line that says too little, which is asked for step by step."""
        try:
            return await asked_in_form(line, app.repositories.templates, place)
        except RiffError:  # the pipeline says what is wrong
            return None

    async def _questioned(self, app: "App", asked: Resolved, place: Place) -> Invocation | None:
        """What the person answers; None where they leave."""
        repositories, limits = app.repositories, app.settings.limits
        form = await form_for(asked, self._author, place, repositories, limits, by_admin=True)
        if form is None:
            return asked.invocation
        command, verb = await declared_form(form.name, repositories.templates, place) or (None, None)
        assert command is not None and verb is not None  # noqa: S101, PT018 - it was just opened
        async with self._screen:
            values = await Questions(self._console, ask_line, limits).answers(form, command, verb)
        if values is None:
            return None
        return Invocation(asked.invocation.command, verb.name, checked(command, verb, values))

    async def _show(self, app: "App", incoming: Incoming) -> None:
        channel = ConsoleChannel(self._console)
        reply = asyncio.create_task(app.pipeline.handle(incoming, channel), name="console-reply")
        with _interrupt_cancels(reply), channel.working():
            try:
                await reply
            except asyncio.CancelledError:
                if not reply.cancelled():
                    reply.cancel()
                    raise
                channel.stopped()


@contextmanager
def _interrupt_cancels(task: "asyncio.Task[object]") -> "Iterator[None]":
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, task.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
