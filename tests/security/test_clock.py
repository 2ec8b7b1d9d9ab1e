"""A clock that is set back, a machine that starts anew: no thread is dead for long, no lease is taken early."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from pydantic import SecretStr

from storage import lease_clock
from storage.database import Database
from storage.models import base
from storage.repositories import Inbox
from storage.settings import StorageSettings
from storage.values.records import Account, NewEvent


class Wall(datetime):
    """The clock on the wall, as somebody sets it."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.off


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Wall]]:
    monkeypatch.setattr(base, "datetime", Wall)
    monkeypatch.setattr(lease_clock, "datetime", Wall)
    yield Wall
    Wall.off = timedelta()


@asynccontextmanager
async def process(folder: Path) -> AsyncIterator[Inbox]:
    """Another process on the same file."""
    database = Database(StorageSettings(url=SecretStr(f"sqlite:///{folder}/riff.db")))
    await database.start()
    yield Inbox(database)
    await database.close()


def event(name: str, thread: str = "t1") -> NewEvent:
    return NewEvent(
        name, Account("slack", "w1", "u1"), thread, datetime(2026, 1, 1, tzinfo=UTC), {"text": name}
    )


async def claimed(inbox: Inbox, owner: str, seconds: float = 60.0) -> list[str]:
    return [one.event_id for one in await inbox.claim("slack", owner, 10, seconds)]


@pytest.mark.parametrize("hours", [-24, 24])
async def test_a_lease_lasts_as_long_as_it_was_given_for(
    tmp_path: Path, wall: type[Wall], hours: int
) -> None:
    async with process(tmp_path) as one:
        await one.add([event("dead"), event("alive", "t2")])
        dead = await one.claim("slack", "dead", 1, 4.0)
        assert await claimed(one, "alive") == ["alive" if dead[0].event_id == "dead" else "dead"]
        wall.off = timedelta(hours=hours)
        async with process(tmp_path) as other:
            assert await claimed(other, "other") == []
            await asyncio.sleep(4.2)
            assert await claimed(other, "other") == [dead[0].event_id]
            assert await claimed(one, "third") == []


async def test_what_waited_when_the_clock_was_set_back_is_answered(tmp_path: Path, wall: type[Wall]) -> None:
    async with process(tmp_path) as one:
        await one.add([event("first"), event("second")])
        (first,) = await one.claim("slack", "me", 1, 60)
        wall.off = timedelta(hours=-3)
        await one.finish("me", [first])
        await one.add([event("third", "t3")])
        assert await claimed(one, "me") == ["second", "third"]


async def test_after_a_machine_started_anew_everything_is_free(
    tmp_path: Path, wall: type[Wall], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process(tmp_path) as one:
        await one.add([event("worked on"), event("put off", "t2")])
        for held in await one.claim("slack", "me", 2, 600):
            if held.event_id == "put off":
                await one.release("me", held, after_seconds=600)
    wall.off = timedelta(days=-30)
    monkeypatch.setattr(lease_clock, "machine_start_id", lambda: "another start")
    monkeypatch.setattr("storage.lease_clock.time.monotonic", lambda: 5.0)
    async with process(tmp_path) as again:
        assert sorted(await claimed(again, "other")) == ["put off", "worked on"]


async def test_what_was_put_off_waits_its_time(tmp_path: Path, wall: type[Wall]) -> None:
    async with process(tmp_path) as one:
        await one.add([event("put off")])
        (held,) = await one.claim("slack", "me", 1, 60)
        await one.release("me", held, after_seconds=3.0)
        wall.off = timedelta(hours=-1)
        assert await claimed(one, "me") == []
        await asyncio.sleep(3.2)
        assert await claimed(one, "me") == ["put off"]


async def test_a_machines_start_is_told_from_another() -> None:
    assert lease_clock.machine_start_id() == lease_clock.machine_start_id() != ""
