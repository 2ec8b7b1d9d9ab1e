"""The console does its own errands, and comes back to a brainstorm that still runs in it."""

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.adapter import ConsoleAdapter, ConsoleScheduledJobs
from bot.core.domain import Account, Place
from bot.jobs.inbox import ClaimedEvent, ScheduledJob, TryLater
from storage.values.brainstorms import Plan
from tests.session.conftest import OpenRoom, Room

PLACE = Place("console", "local", "terminal-host", "thread-1", direct=True)


async def begun(room: Room) -> None:
    person = await room.app.repositories.people.find_or_create(Account("console", "local", "host"))
    now = datetime.now(UTC)
    assert await room.app.repositories.brainstorms.start(PLACE, person, Plan("quieter lids"), ends_at=now)


async def test_what_is_due_appears_in_the_terminal(room: Room) -> None:
    await begun(room)
    written = io.StringIO()
    console = Console(file=written, width=100)
    scheduled_jobs = ConsoleScheduledJobs(console, room.app, PLACE, asyncio.Lock())
    working = asyncio.create_task(scheduled_jobs.run())
    await room.clock.tick(datetime.now(UTC))
    await scheduled_jobs.settle()
    working.cancel()
    await asyncio.wait({working})
    assert "Ideas, please." in written.getvalue()
    assert "quieter lids" in written.getvalue()


async def test_an_errand_of_another_terminal_is_left_to_it(room: Room) -> None:
    await begun(room)
    await room.clock.tick(datetime.now(UTC))
    event: ClaimedEvent
    (event,) = await room.app.inbox.rows.claim("console", "tester", 1, 60)
    elsewhere = Place("console", "local", "terminal-guest", "thread-2", direct=True)
    scheduled_jobs = ConsoleScheduledJobs(Console(file=io.StringIO()), room.app, elsewhere, asyncio.Lock())
    job = ScheduledJob.read(event)
    assert job is not None
    with pytest.raises(TryLater):
        await scheduled_jobs.do(event, job)


async def test_a_new_terminal_goes_on_with_the_brainstorm(
    open_room: OpenRoom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = await open_room()
    await begun(room)
    await room.clock.tick(datetime.now(UTC))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("Cork lid\n@riff what is cork made of?\n/session board\n"))
    written = io.StringIO()
    starting: asyncio.Task[object] = asyncio.create_task(asyncio.sleep(0, room.app))
    await ConsoleAdapter(Console(file=written, width=100), "host").run(starting)  # type: ignore[arg-type]
    shown = written.getvalue()
    assert "💡" in shown
    assert "I see." in shown
    assert "1. Cork lid (host)" in shown
    assert "Written to brainstorm-1-ideas.png" in shown
