"""The database is full, read-only, away or started anew, the clock jumps: told, nothing lost, and it ends by itself."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from genai.request import Delta, GenerationRequest
from storage import lease_clock
from storage.models import base
from tests.slack.conftest import Riff, StartRiff
from tests.support.light import EchoGenerator
from tests.support.postgres import Cluster, find_programs
from tests.support.slack_server import BOT, SlackServer

LONG = "about " + "many lanterns and " * 300
"""More than fits into what is left of a page."""


class HeldGenerator(EchoGenerator):
    """Stops before the end of an answer while it is held."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.begun = asyncio.Event()

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        async for delta in super().stream(request):
            if delta.finish:
                self.begun.set()
                await self.may_end.wait()
            yield delta


@dataclass(frozen=True)
class Trouble:
    """How it begins and ends, and what the log then says."""

    begin: Callable[[Riff], Awaitable[None]]
    end: Callable[[Riff], Awaitable[None]]
    told: str


def _every_connection(pragma: str) -> Callable[[Riff], Awaitable[None]]:
    """Each connection that is given out gets the setting: SQLite keeps it for the connection alone."""

    async def set_it(riff: Riff) -> None:
        def on_checkout(connection: Any, _entry: Any, _proxy: Any) -> None:
            connection.cursor().execute(f"PRAGMA {pragma}")

        event.listen(riff.app.database.engine.sync_engine, "checkout", on_checkout)

    return set_it


SQLITE = {
    "full": Trouble(
        _every_connection("max_page_count=1"),
        _every_connection("max_page_count=1000000"),
        "is full; free some space",
    ),
    "read-only": Trouble(
        _every_connection("query_only=ON"), _every_connection("query_only=OFF"), "may not be written"
    ),
}


@pytest.fixture(scope="module")
def cluster() -> Any:
    """A server of its own, which nobody else misses while it is away."""
    programs = find_programs()
    assert programs is not None
    cluster = Cluster(programs)
    cluster.start()
    yield cluster
    cluster.stop()


async def survives(
    slack: SlackServer, riff: Riff, model: HeldGenerator, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    """One answer is being written and another prompt arrives when the trouble begins."""
    slack.sockets.retry_seconds = 0.3
    model.may_end.clear()
    being_written = slack.say("C1", f"<@{BOT}> written meanwhile", user="U1")
    await slack.deliver_event(being_written)
    await asyncio.wait_for(model.begun.wait(), 20)
    await trouble.begin(riff)
    model.may_end.set()
    arrived = slack.say("C2", f"<@{BOT}> {LONG}", user="U2")
    delivering = asyncio.create_task(
        slack.sockets.deliver("events_api", slack.callback(arrived), attempts=100)
    )
    await slack.settled(lambda: trouble.told in caplog.text, 20)
    assert not delivering.done()  # what is not kept is not acknowledged, and comes again
    await trouble.end(riff)
    await asyncio.wait_for(delivering, 20)
    await riff.idle()
    after = slack.say("C3", f"<@{BOT}> and after it", user="U3")
    await slack.deliver_event(after)
    await riff.idle()
    for said in (being_written, arrived, after):
        shown = " ".join(one.shown for one in slack.workspace.by_riff(thread=said["ts"]))
        told = [one.shown for one in slack.workspace.ephemeral if one.thread_ts == said["ts"]]
        assert shown.count("Answer to") == 1, shown
        is_whole = [shown.count(part) for part in ("It has a middle part.", "The end of")] == [1, 1]
        assert is_whole or (said is being_written and told), shown


@pytest.mark.parametrize("name", SQLITE)
async def test_sqlite(
    slack: SlackServer, start_riff: StartRiff, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    model = HeldGenerator()
    riff = await start_riff(model)
    await survives(slack, riff, model, SQLITE[name], caplog)


@pytest.mark.parametrize("name", ["restarted", "read-only"])
async def test_postgresql(
    slack: SlackServer,
    start_riff: StartRiff,
    caplog: pytest.LogCaptureFixture,
    cluster: Cluster,
    name: str,
) -> None:
    database = cluster.create_database()

    async def call(work: Callable[[], None], _riff: Riff) -> None:
        await asyncio.to_thread(work)

    troubles = {
        "restarted": Trouble(partial(call, cluster.halt), partial(call, cluster.resume), "cannot be reached"),
        "read-only": Trouble(
            partial(call, partial(cluster.set_read_only, database, read_only=True)),
            partial(call, partial(cluster.set_read_only, database, read_only=False)),
            "may not be written",
        ),
    }
    model = HeldGenerator()
    riff = await start_riff(model, storage={"url": cluster.url(database)})
    await survives(slack, riff, model, troubles[name], caplog)


class Wall(datetime):
    """The clock on the wall, as somebody sets it."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.off


@pytest.fixture
async def wall(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[type[Wall]]:
    monkeypatch.setattr(base, "datetime", Wall)
    monkeypatch.setattr(lease_clock, "datetime", Wall)
    yield Wall
    Wall.off = timedelta()


@pytest.mark.parametrize("hours", [(1, 0), (-1, 0)])
async def test_the_clock_on_the_wall_jumps_and_jumps_back(
    slack: SlackServer, start_riff: StartRiff, wall: type[Wall], hours: tuple[int, int]
) -> None:
    """While one answer is written and the next prompt of its thread waits."""
    model = HeldGenerator()
    riff = await start_riff(model)
    model.may_end.clear()
    first = slack.say("C1", f"<@{BOT}> prompt 0")
    await slack.deliver_event(first)
    await asyncio.wait_for(model.begun.wait(), 20)
    for number, jump in enumerate(hours, start=1):
        await slack.deliver_event(slack.say("C1", f"<@{BOT}> prompt {number}", thread=first["ts"]))
        wall.off = timedelta(hours=jump)
        await asyncio.sleep(1.2)  # a lease and more
    model.may_end.set()
    await riff.idle()
    shown = [one.shown for one in slack.workspace.by_riff(thread=first["ts"])]
    assert [text.split(".")[0] for text in shown] == [f"Answer to prompt {number}" for number in range(3)]
