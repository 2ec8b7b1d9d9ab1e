"""How soon the viewers of one board see a change: `python -m benchmarks.web_board [viewers] [ideas]`.

Real HTTP on this machine: a board with ideas on it, a browser's stream for each viewer, all in another process, and an
idea every so often, while a probe of Riff's event loop tells how long anything else, such as an acknowledgement,
would have had to wait.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from adapters.web.site import SITE_SECONDS, make_site
from bot.app import App
from bot.config import Settings
from bot.core.domain import Account, Place
from bot.core.http_limits import HttpLimits, LimitedServer
from storage.values.brainstorms import NewBoardIdea, Phase, Plan, StoredBrainstorm
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator

_CHANGES, _EVERY_SECONDS = 30, 0.7
_READY = b"ready\n"
_PROBE_SECONDS = 0.01
_THINGS = ("lid", "door", "chair", "tap", "floor", "drawer", "fan", "kettle", "window", "bin")
_WAYS = ("Line with cork", "Pad with felt", "Hold by a magnet", "Slow with an air brake", "Hang on a rail")


async def measured(viewers: int, ideas: int) -> dict[str, float]:
    """Figures in milliseconds."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = Settings(storage={"url": f"sqlite:///{Path(folder, 'riff.db')}"})
        app = App(settings, generator=ScriptedGenerator("x"), moderator=light_moderator())
        await stack.enter_async_context(app)
        most = settings.web.most_connections
        limits = HttpLimits(most, most, answer_seconds=SITE_SECONDS)
        server = await stack.enter_async_context(LimitedServer(make_site(app), "127.0.0.1", 0, limits))
        board, person = await _board(app, ideas)
        secret = await app.repositories.board_links.add(board.id, datetime.now(UTC) + timedelta(hours=1))
        address = f"http://127.0.0.1:{server.port}/board/{secret}/changes"
        seconds = _CHANGES * _EVERY_SECONDS + 3
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.web_board", "watch", address, str(viewers), str(seconds),
            stdout=asyncio.subprocess.PIPE, limit=2**24,
        )  # fmt: skip
        written: dict[str, float] = {}
        late: list[float] = []
        probing = asyncio.create_task(_probe(late))
        assert child.stdout is not None
        assert await child.stdout.readline() == _READY
        late.clear()
        for at in range(_CHANGES):
            new = NewBoardIdea(f"Change {at}: {_WAYS[at % 5]} the {_THINGS[at % 10]}", person_id=person)
            begun = time.perf_counter()
            placed = await app.repositories.boards.add(board.id, new)
            assert placed is not None
            written[str(placed.number)] = begun
            await asyncio.sleep(_EVERY_SECONDS)
        output = await child.stdout.read()
        await child.wait()
        probing.cancel()
        await asyncio.wait({probing})
        told = json.loads(output)
        seen = [(at - written[number]) * 1000 for number, at in told if number in written]
        assert len(seen) == viewers * _CHANGES, f"{len(seen)} of {viewers * _CHANGES} were seen"
        return {
            "seen_p50": _percentile(seen, 50),
            "seen_p99": _percentile(seen, 99),
            "seen_max": max(seen),
            "loop_p99": _percentile(late, 99),
            "loop_max": max(late),
        }


async def _board(app: App, ideas: int) -> tuple[StoredBrainstorm, int]:
    person = await app.repositories.people.find_or_create(Account("test", "w1", "host"))
    ends = datetime.now(UTC) + timedelta(hours=1)
    place, plan = Place("test", "w1", "general", "t1"), Plan("A quieter kitchen")
    board = await app.repositories.brainstorms.start(place, person, plan, phase=Phase.DIVERGE, ends_at=ends)
    assert board is not None
    texts = [f"{_WAYS[at % 5]} the {_THINGS[at % 10]} number {at}" for at in range(ideas)]
    new = [NewBoardIdea(text, "So that nobody hears it.", person, name="Host") for text in texts]
    await app.repositories.boards.add_all(board.id, new)
    return board, person


async def _watch_all(address: str, viewers: int, seconds: float) -> list[tuple[str, float]]:
    """When each viewer saw each idea, by the clock that all processes of a machine share."""
    seen: list[tuple[str, float]] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, read_bufsize=2**22) as session:
        open_ = [asyncio.Event() for _ in range(viewers)]
        watching = [asyncio.create_task(_watch(session, address, seen, one)) for one in open_]
        await asyncio.gather(*(one.wait() for one in open_))
        sys.stdout.buffer.write(_READY)
        sys.stdout.buffer.flush()
        await asyncio.wait(watching, timeout=seconds)
        for task in watching:
            task.cancel()
        await asyncio.wait(watching)
    return seen


async def _watch(
    session: aiohttp.ClientSession, address: str, seen: list[tuple[str, float]], is_open: asyncio.Event
) -> None:
    known: set[str] = set()
    async with session.get(address, timeout=aiohttp.ClientTimeout(total=None)) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                now = time.perf_counter()
                value: dict[str, Any] = json.loads(line[6:])
                new = value["cards"].keys() - known
                known |= new
                seen += [(one, now) for one in new]
                is_open.set()


async def _probe(late: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(_PROBE_SECONDS)
        late.append((time.perf_counter() - begun - _PROBE_SECONDS) * 1000)


def _percentile(values: Sequence[float], share: int) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * share // 100)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["watch"]:
        _word, address, viewers, seconds = sys.argv[1:]
        print(json.dumps(asyncio.run(_watch_all(address, int(viewers), float(seconds)))))
    else:
        given = [int(one) for one in sys.argv[1:]]
        figures = asyncio.run(measured(*(given + [200, 100][len(given) :])))
        print({name: round(value) for name, value in figures.items()})
