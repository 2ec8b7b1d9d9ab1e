"""Riff's errands in this terminal: what it says by itself, out of the same inbox as on every platform."""

import asyncio
from typing import TYPE_CHECKING

from rich.console import Console

from adapters.console.channel import ConsoleChannel
from bot.core.domain import Place
from bot.inbox import ClaimedEvent, TryLater
from bot.jobs.scheduled import Errand
from bot.jobs.worker import Worker
from bot.session.transitions import thread_of

if TYPE_CHECKING:
    from bot.app import App

PLATFORM = "console"
_OTHER_TERMINAL_SECONDS = 3.0
_SETTLE_SECONDS, _LOOK_SECONDS = 120.0, 0.05


class ConsoleErrands:
    """The inbox's handler for one terminal; `screen` is held by whoever writes on it."""

    def __init__(self, console: Console, app: "App", place: Place, screen: asyncio.Lock) -> None:
        self._console = console
        self._app = app
        self._place = place
        self._screen = screen

    async def run(self) -> None:
        """Do errands until cancelled."""
        await Worker(self._app.inbox, PLATFORM, self).run()

    async def settle(self) -> None:
        """Wait until what Riff has to say now is said."""
        found = await self._app.memory.brainstorms.last_in(self._place)
        if found is None:
            return
        self._app.inbox.arrival(PLATFORM).set()
        async with asyncio.timeout(_SETTLE_SECONDS):
            while await self._app.inbox.rows.unfinished(PLATFORM, thread_of(found.id)):  # noqa: ASYNC110  (SQL knows)
                await asyncio.sleep(_LOOK_SECONDS)

    async def answer(self, event: ClaimedEvent) -> None:
        """Do one errand; one of another terminal is left to that."""
        errand = Errand.read(event)
        if errand is None:
            return
        if errand.place != self._place:
            raise TryLater(_OTHER_TERMINAL_SECONDS)
        async with self._screen:
            channel = ConsoleChannel(self._console)
            await self._app.errands.do(errand, channel, resume=event.attempt > 1)

    async def apologise(self, event: ClaimedEvent) -> None:
        """Nobody waits for an errand."""

    async def stopped(self, event: ClaimedEvent) -> None:
        """Nobody can stop one here."""
