"""Answers one platform's events out of the durable inbox: some at a time, each under a lease.

Knows no platform and shows nothing; the adapter's `Handler` does. Every task is owned by `Worker.run`.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot.core.errors import CommandError
from bot.jobs.inbox import Handler, Inbox, TryLater
from bot.jobs.scheduled import ScheduledJob
from bot.language import _
from bot.watching.meters import ENDED, QUEUED, WORKING
from bot.watching.tracing import event_trace
from storage.errors import StorageError
from storage.values.records import Account, ClaimedEvent

log = logging.getLogger("riff.inbox")

_RETRY_SECONDS = (2.0, 10.0, 30.0, 60.0)
_APOLOGY_SECONDS = 60.0
_PURGE_SECONDS = 3600.0


Moderates = Callable[[Account, Mapping[str, Any]], Awaitable[bool]]
"""Whether whoever acts moderates the place of an event, by its author and payload."""


class Worker:
    """Claims events, hands them to the handler, and notes how that ended."""

    def __init__(self, inbox: Inbox, platform: str, handler: Handler) -> None:
        self._inbox = inbox
        self._rows = inbox.rows
        self._settings = inbox.settings
        self._platform = platform
        self._handler = handler
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stopped: set[int] = set()
        self._ended_events: list[ClaimedEvent] = []
        self._noting = asyncio.Lock()

    async def run(self) -> None:
        """Work until cancelled; then what is under way may end within the grace, and the rest is given back."""
        async with asyncio.TaskGroup() as group:
            helpers = [group.create_task(self._heartbeat()), group.create_task(self._purge())]
            try:
                while True:
                    await self._survive(self._claim())
                    await self._wait()
            finally:
                await self._wind_up()
                for helper in helpers:
                    helper.cancel()

    async def stop(self, event_id: str, by: Account, moderates: Moderates) -> bool:
        """Stop the work on an event because a person asked; False when it is done already.

        It belongs to who asked for it, and to whoever moderates there; raises CommandError for anybody else.
        """
        found = await self._rows.asked_by(self._platform, event_id)
        if found is None:
            return False
        if found[0] != by and not await moderates(*found):
            raise CommandError(_("Only the person who asked can stop this answer."))
        wanted = await self._inbox.stop(self._platform, event_id)
        if wanted:
            await self._renew()
        return wanted

    async def _claim(self) -> None:
        room = self._settings.workers - len(self._tasks)
        if room <= 0:
            return
        self._inbox.arrival(self._platform).clear()
        claimed = await self._rows.claim(self._platform, self._owner, room, self._settings.lease_seconds)
        for event in claimed:
            if event.id in self._tasks:  # the heartbeat was late; the claim renewed the lease
                continue
            task = asyncio.create_task(self._work(event), name=f"{self._platform}-event")
            self._tasks[event.id] = task
            task.add_done_callback(partial(self._ended, event.id))

    def _ended(self, event_id: int, _: "asyncio.Task[None]") -> None:
        self._tasks.pop(event_id, None)
        self._inbox.arrival(self._platform).set()  # there is room, and the thread's next event is free

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._settings.poll_seconds):
                await self._inbox.arrival(self._platform).wait()
                if len(self._tasks) >= self._settings.workers:
                    await asyncio.wait(set(self._tasks.values()), return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            await self._survive(self._inbox.refresh(self._platform))

    async def _work(self, event: ClaimedEvent) -> None:
        with event_trace(self._platform, event.age_seconds):
            QUEUED.labels(self._platform).observe(event.age_seconds)
            with WORKING.labels(self._platform).track_inprogress():
                ended = await self._worked(event)
        ENDED.labels(self._platform, ended).inc()

    async def _worked(self, event: ClaimedEvent) -> str:
        """How the work on the event ended."""
        job = ScheduledJob.read(event)
        try:
            if job is not None:
                await self._do(event, job)
            elif self._is_hopeless(event):
                await self._apologise(event)
            else:
                await self._handler.answer(event)
        except asyncio.CancelledError:
            ENDED.labels(self._platform, "stopped" if event.id in self._stopped else "given_back").inc()
            await asyncio.shield(self._after_cancel(event))
            raise
        except TryLater as error:
            await self._survive(self._rows.release(self._owner, event, after_seconds=error.seconds))
            return "put_off"
        except Exception as error:
            log.error("event not answered, attempt %d", event.attempt, exc_info=error)
            seconds = _RETRY_SECONDS[min(event.attempt, len(_RETRY_SECONDS)) - 1]
            await self._survive(self._rows.release(self._owner, event, after_seconds=seconds))
            return "retried"
        await asyncio.shield(self._survive(self._finish(event)))
        return "given_up" if job is None and self._is_hopeless(event) else "done"

    def _is_hopeless(self, event: ClaimedEvent) -> bool:
        return (
            event.attempt > self._settings.max_attempts
            or event.age_seconds > self._settings.max_age_minutes * 60
        )

    async def _do(self, event: ClaimedEvent, job: ScheduledJob) -> None:
        """What Riff does by itself is done late too, but not when it failed too often: nobody waits for it."""
        if event.attempt <= self._settings.max_attempts:
            await self._handler.do(event, job)

    async def _apologise(self, event: ClaimedEvent) -> None:
        """An apology that cannot be delivered either is given up, so that it does not block its thread."""
        try:
            async with asyncio.timeout(_APOLOGY_SECONDS):
                await self._handler.apologise(event)
        except Exception as error:
            log.error("apology not delivered", exc_info=error)

    async def _finish(self, event: ClaimedEvent) -> None:
        """Events that end while others are being noted are noted together."""
        self._ended_events.append(event)
        async with self._noting:
            together, self._ended_events = self._ended_events, []
            if not together:  # whoever was before noted it, or failed to: then the lease runs out
                return
            for _event_id in await self._rows.finish(self._owner, together):
                self._inbox.finished(self._platform)

    async def _after_cancel(self, event: ClaimedEvent) -> None:
        """Stopped by a person: done. Otherwise Riff ends, or the lease is lost: somebody else goes on."""
        if event.id not in self._stopped:
            await self._survive(self._rows.release(self._owner, event))
            return
        self._stopped.discard(event.id)
        try:
            if ScheduledJob.read(event) is None:
                async with asyncio.timeout(_APOLOGY_SECONDS):
                    await self._handler.stopped(event)
        except Exception as error:
            log.error("nobody could be told of the stop", exc_info=error)
        await self._survive(self._finish(event))

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 4)
            await self._survive(self._renew())
            await self._survive(self._inbox.refresh(self._platform))

    async def _renew(self) -> None:
        """Extend the leases; whose was lost or is to stop is cancelled. What was erased ends by itself: whoever asked
        for that is still to be told.
        """
        mine = set(self._tasks)
        if not mine:
            return
        held, lost = await self._rows.renew(self._owner, mine, self._settings.lease_seconds)
        stopped = {event_id for event_id, stop in held.items() if stop}
        for event_id in stopped.union(lost):
            if (task := self._tasks.get(event_id)) is not None:
                if event_id in stopped:
                    self._stopped.add(event_id)
                task.cancel()

    async def _purge(self) -> None:
        while True:
            await self._survive(self._rows.purge(self._settings.retention_days))
            await asyncio.sleep(_PURGE_SECONDS)

    async def _wind_up(self) -> None:
        tasks = set(self._tasks.values())
        if tasks:
            _ended, late = await asyncio.wait(tasks, timeout=self._settings.grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.wait(tasks)

    async def _survive(self, step: Awaitable[object]) -> None:
        """The database may be away for a while: then the leases run out, and the work is taken up later."""
        try:
            await step
        except StorageError as error:
            log.error("the inbox cannot be used: %s", error)
