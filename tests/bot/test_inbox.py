"""The worker: answers each event once and in order, gives back what it cannot end, takes up what others left."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app import App
from bot.core.errors import CommandError
from bot.jobs.inbox import ClaimedEvent, InboxFull, NewEvent, TryLater
from bot.jobs.inbox_worker import Worker
from bot.jobs.scheduled import ScheduledJob
from storage.values.records import Account
from tests.bot.conftest import MakeApp
from tests.support.doubles import ScriptedGenerator

ASKER = Account("test", "w1", "u1")
FAST = {"lease_seconds": 0.4, "poll_seconds": 0.05, "grace_seconds": 0.2}


class Recorder:
    """A handler that notes what it was asked to do; `script` may fail or wait."""

    def __init__(self, script: Callable[[ClaimedEvent], Awaitable[None]] | None = None) -> None:
        self.answered: list[str] = []
        self.apologies: list[str] = []
        self.stops: list[str] = []
        self.done: list[str] = []
        self._script = script

    async def answer(self, event: ClaimedEvent) -> None:
        if self._script:
            await self._script(event)
        self.answered.append(event.event_id)

    async def do(self, event: ClaimedEvent, job: ScheduledJob) -> None:
        self.done.append(job.kind)

    async def apologise(self, event: ClaimedEvent) -> None:
        self.apologies.append(event.event_id)

    async def stopped(self, event: ClaimedEvent) -> None:
        self.stops.append(event.event_id)


def event(name: str, thread: str = "t1", second: int = 0) -> NewEvent:
    sent = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    return NewEvent(name, ASKER, thread, sent, {})


async def nobody(_author: Account, _payload: Mapping[str, Any]) -> bool:
    return False


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  (nothing tells)
            await asyncio.sleep(0.01)


async def all_done(app: App) -> None:
    async with asyncio.timeout(10):
        while await app.inbox.rows.unfinished("test"):  # noqa: ASYNC110  (the database does not tell)
            await asyncio.sleep(0.01)


class Running:
    """A worker in the background for the length of a `with`."""

    def __init__(self, app: App, handler: Recorder) -> None:
        self.worker = Worker(app.inbox, "test", handler)

    async def __aenter__(self) -> Worker:
        self._task = asyncio.create_task(self.worker.run())
        return self.worker

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


async def test_events_that_arrive_together_are_answered_once_and_in_order(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)
    handler = Recorder()
    names = [f"{number}" for number in range(30)]
    async with Running(app, handler):
        adds = [app.inbox.add(event(name, f"t{int(name) % 3}", int(name))) for name in [*names, *names]]
        fresh = await asyncio.gather(*adds)
        await all_done(app)
    assert sum(fresh) == 30
    assert sorted(handler.answered) == sorted(names)
    for thread in range(3):
        mine = [int(name) for name in handler.answered if int(name) % 3 == thread]
        assert mine == sorted(mine)


async def test_a_failed_event_is_tried_again_and_at_last_apologised_for(make_app: MakeApp) -> None:
    async def fail(_: ClaimedEvent) -> None:
        raise TryLater(0.01)

    app = await make_app(ScriptedGenerator(), inbox={**FAST, "max_attempts": 2})
    handler = Recorder(fail)
    async with Running(app, handler):
        await app.inbox.add(event("e1"))
        await all_done(app)
    assert (handler.answered, handler.apologies) == ([], ["e1"])


async def test_an_event_that_is_too_old_is_apologised_for(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox={**FAST, "max_age_minutes": 0.001})
    handler = Recorder()
    await app.inbox.add(event("e1"))
    await asyncio.sleep(0.1)
    async with Running(app, handler):
        await all_done(app)
    assert (handler.answered, handler.apologies) == ([], ["e1"])


async def test_what_does_not_end_within_the_grace_is_taken_up_by_the_next(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)
    begun = asyncio.Event()

    async def hang(_: ClaimedEvent) -> None:
        begun.set()
        await asyncio.sleep(60)

    first, second = Recorder(hang), Recorder()
    async with Running(app, first):
        await app.inbox.add(event("e1"))
        await begun.wait()
    async with Running(app, second):
        await all_done(app)
    assert (first.answered, second.answered) == ([], ["e1"])


async def test_work_that_outlasts_its_lease_is_not_taken_by_another(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)

    async def slow(_: ClaimedEvent) -> None:
        await asyncio.sleep(1.2)

    first, second = Recorder(slow), Recorder(slow)
    async with Running(app, first), Running(app, second):
        await app.inbox.add(event("e1"))
        await all_done(app)
    assert sorted(first.answered + second.answered) == ["e1"]


async def test_who_erased_themselves_is_answered_to_the_end(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)
    person = await app.repositories.people.find_or_create(ASKER)

    async def erase_and_tell(_: ClaimedEvent) -> None:
        await app.repositories.privacy.forget(person)
        await asyncio.sleep(3 * FAST["lease_seconds"])

    handler = Recorder(erase_and_tell)
    async with Running(app, handler):
        await app.inbox.add(event("e1"))
        await until(lambda: bool(handler.answered))
    assert handler.answered == ["e1"]
    assert await app.inbox.rows.unfinished("test") == 0


async def test_a_person_stops_work_in_another_process(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)

    async def hang(_: ClaimedEvent) -> None:
        await asyncio.sleep(60)

    handler = Recorder(hang)
    other = Worker(app.inbox, "test", Recorder())
    async with Running(app, handler) as worker:
        await app.inbox.add(event("e1"))
        await app.inbox.add(event("e2", "t2"))
        await until(lambda: len(worker._tasks) == 2)
        assert await other.stop("e1", ASKER, nobody)
        assert await worker.stop("e2", ASKER, nobody)
        await all_done(app)
        assert not await worker.stop("e1", ASKER, nobody)
    assert (sorted(handler.stops), handler.answered) == (["e1", "e2"], [])


async def test_work_is_stopped_by_who_asked_or_who_moderates_and_by_nobody_else(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox=FAST)
    asked: list[tuple[Account, Mapping[str, Any]]] = []

    async def hang(_: ClaimedEvent) -> None:
        await asyncio.sleep(60)

    async def moderates(author: Account, payload: Mapping[str, Any]) -> bool:
        asked.append((author, payload))
        return True

    handler = Recorder(hang)
    stranger = Account("test", ASKER.workspace, "stranger")
    async with Running(app, handler) as worker:
        await app.inbox.add(event("e1"))
        await until(lambda: len(worker._tasks) == 1)
        with pytest.raises(CommandError, match="Only the person who asked"):
            await worker.stop("e1", stranger, nobody)
        assert not await worker.stop("unknown", stranger, nobody)
        assert handler.stops == []
        assert await worker.stop("e1", stranger, moderates)
        await all_done(app)
    assert handler.stops == ["e1"]
    assert [author for author, _payload in asked] == [ASKER]


async def test_the_backlog_is_bounded(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(), inbox={**FAST, "backlog": 2})
    assert await app.inbox.add(event("e1"))
    assert await app.inbox.add(event("e2"))
    with pytest.raises(InboxFull):
        await app.inbox.add(event("e3"))
    async with Running(app, Recorder()):
        await all_done(app)
        await until(lambda: app.inbox.unfinished("test") == 0)
    assert await app.inbox.add(event("e3"))
