"""The durable inbox as adapters use it, for what people ask and for what Riff does at a place by itself.

`add` before the acknowledgement, a `Worker` that answers after it. What Riff does by itself, such as the next step of
a brainstorm when its time has come, goes through it too: it is done once, by one process, also after a crash, and what
it posts carries its event's id.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bot.config.settings import InboxSettings
from bot.core.errors import RiffError
from bot.jobs.scheduled import ScheduledJob
from bot.language import _
from bot.watching.meters import ACKNOWLEDGED, EVENTS, WAITING
from storage.errors import StorageError
from storage.repositories.inbox import Inbox as Rows
from storage.repositories.inbox import InboxNotes
from storage.values.records import ClaimedEvent, NewEvent

_TOGETHER = 100
"""Most events that are written in one transaction."""


class InboxFull(RiffError):
    """Too many events wait: this one must not be acknowledged, then the platform delivers it again."""

    def __init__(self) -> None:
        super().__init__(_("I'm busy with other people's ideas. Please try again in a few minutes."))


class TryLater(Exception):
    """Raised by a handler whose platform cannot take the answer now; `seconds` until it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the platform takes nothing for {seconds} s")
        self.seconds = seconds


class Handler(Protocol):
    """What an adapter does with its platform's events; each method raises when nothing was delivered.

    An event may come again after a crash or a failure (`event.attempt` > 1): whoever answers looks for what an
    earlier attempt had said, and goes on from there.
    """

    async def answer(self, event: ClaimedEvent) -> None:
        """Answer the event; when this returns the event is done. Cancelled when Riff or the work is stopped."""

    async def do(self, event: ClaimedEvent, job: ScheduledJob) -> None:
        """Do what Riff does by itself; when this returns it is done."""

    async def apologise(self, event: ClaimedEvent) -> None:
        """Say that the event is too old, or failed too often, to be answered now."""

    async def stopped(self, event: ClaimedEvent) -> None:
        """Say that the work was stopped because a person asked for it."""


class Inbox:
    """Takes events of all platforms; concurrent ones are written together, in the order of arrival."""

    def __init__(self, rows: Rows, settings: InboxSettings) -> None:
        self.rows = rows
        self.settings = settings
        self._arrived: dict[str, asyncio.Event] = {}
        self._unfinished: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._queue: deque[tuple[NewEvent, asyncio.Future[bool]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def arriving(self) -> AsyncIterator[None]:
        """Held from the moment something arrives until it is acknowledged: answers then wait a moment for it."""
        with ACKNOWLEDGED.time():
            async with self.rows.hurry():
                yield

    async def add(self, event: NewEvent) -> bool:
        """Keep the event; False when it was delivered before. Acknowledge it once this has returned.

        Raises InboxFull or StorageError, and then the event must not be acknowledged.
        """
        platform = event.author.platform
        if self.unfinished(platform) + len(self._queue) >= self.settings.backlog:
            EVENTS.labels(platform, "refused").inc()
            raise InboxFull
        result: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.append((event, result))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all(), name="inbox-writer")
        try:
            is_new = await result
        except Exception:
            EVENTS.labels(platform, "failed").inc()
            raise
        EVENTS.labels(platform, "kept" if is_new else "duplicate").inc()
        if is_new:
            self._note_unfinished(platform, self.unfinished(platform) + 1)
            self.arrival(platform).set()
        return is_new

    async def stop(self, platform: str, event_id: str) -> bool:
        """Stop the work on an event, in whatever process it is; False when it is done already."""
        return await self.rows.request_stop(platform, event_id)

    def unfinished(self, platform: str) -> int:
        """How many events wait or are worked on, as far as this process knows; `refresh` asks the database."""
        return self._unfinished.get(platform, 0)

    async def refresh(self, platform: str) -> None:
        """Count the unfinished events anew, which other processes add to and finish too."""
        self._note_unfinished(platform, await self.rows.unfinished(platform))

    def done(self, platform: str) -> int:
        """How many events this process has answered since it started."""
        return self._done.get(platform, 0)

    def finished(self, platform: str) -> None:
        """One of the platform's events is done."""
        self._done[platform] = self.done(platform) + 1
        self._note_unfinished(platform, max(0, self.unfinished(platform) - 1))

    def _note_unfinished(self, platform: str, count: int) -> None:
        self._unfinished[platform] = count
        WAITING.labels(platform).set(count)

    def arrival(self, platform: str) -> asyncio.Event:
        """Set when an event arrived in this process; whoever waits for it clears it."""
        return self._arrived.setdefault(platform, asyncio.Event())

    async def _write_all(self) -> None:
        """A task of its own: a caller that gives up takes nobody else's event with it."""
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), _TOGETHER))]
            try:
                added = set(await self.rows.add([event for event, _ in batch]))
            except Exception as error:
                for _, result in batch:
                    if not result.done():
                        result.set_exception(error)
                continue
            for event, result in batch:
                key = (event.author.platform, event.event_id)
                if not result.done():
                    result.set_result(key in added)
                added.discard(key)


__all__ = [
    "ClaimedEvent",
    "Handler",
    "Inbox",
    "InboxFull",
    "InboxNotes",
    "NewEvent",
    "StorageError",
    "TryLater",
]
