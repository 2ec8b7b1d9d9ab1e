"""Reads prompts from a terminal (or from lines on standard input) and shows the replies.

Ctrl-C cancels the reply that is being written; Ctrl-D leaves.
"""

import asyncio
import getpass
import os
import signal
import sys
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from adapters.console.channel import ConsoleChannel
from adapters.console.prompt import EarlierLines, ask_lines
from bot.config import Settings
from bot.domain import Account, Incoming, Place
from bot.language import LOCALE, _, environment_tag, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import App


class ConsoleAdapter:
    """One person at one terminal; the conversation lasts as long as the program runs."""

    def __init__(self, console: Console | None = None, user: str | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._user = user

    def is_configured(self, settings: Settings) -> bool:
        """Never by itself: people open the console with `riff chat`."""
        return False

    async def run(self, starting: "asyncio.Task[App]") -> None:
        """Answer until the end of the input; what is typed while Riff wakes up is answered once it has."""
        with speaking(environment_tag(os.environ)):
            await self._converse(starting)

    async def _converse(self, starting: "asyncio.Task[App]") -> None:
        author = Account("console", "local", self._user or getpass.getuser())
        place = Place("console", "local", f"terminal-{author.external_id}", uuid.uuid4().hex, direct=True)
        self._greet()
        async for line in ask_lines(EarlierLines(starting, author)):
            if line.strip():
                await self._answer(starting, author, place, line)
        self._console.print(_("Bye."), style="dim")

    def _greet(self) -> None:
        if sys.stdin.isatty():
            self._console.print(_("Riff, your brainstorming partner."), style="bold green")
            self._console.print(
                _("Try /brainstorm 5 reusable coffee cups, or /help. Ctrl-D leaves."), style="dim"
            )

    async def _answer(self, starting: "asyncio.Task[App]", author: Account, place: Place, line: str) -> None:
        if not starting.done():
            with self._console.status(_("waking up")):
                await asyncio.shield(starting)
        app = starting.result()
        incoming = Incoming(uuid.uuid4().hex, author, place, line, datetime.now(UTC), locale=LOCALE.get())
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
