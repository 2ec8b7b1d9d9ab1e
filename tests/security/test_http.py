"""HTTP mode under strangers' hands: half requests, many connections, the pages of installation."""

import asyncio
import contextlib
import json
import logging
import resource
import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web
from cryptography.fernet import Fernet

from adapters.slack.transport.http_server import Visits
from adapters.slack.transport.install_flow import SignedStates
from bot.core.http_limits import HttpLimits, LimitedServer
from bot.core.log_limits import SeldomFilter
from tests.slack.conftest import StartRiff, moderator, slack, start_riff
from tests.slack.test_http import OAUTH, StartHttp, install, kept_tokens, start_http
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer

__all__ = ["StartRiff", "moderator", "slack", "start_http", "start_riff"]

HALF = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/json\r\n"


@pytest.fixture
def few_descriptors() -> Iterator[None]:
    """As many open files as a process has where nobody sets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.asynccontextmanager
async def half_requests(
    port: int, count: int, data: bytes = HALF
) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Connections that begin a request and say no more."""
    opened = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        opened.append((reader, writer))
    yield [reader for reader, _ in opened]
    for _, writer in opened:
        writer.close()


async def test_eleven_hundred_half_requests_cost_no_event_and_no_log(
    slack: SlackServer, start_http: StartHttp, few_descriptors: None, caplog: pytest.LogCaptureFixture
) -> None:
    riff = await start_http(ScriptedGenerator("Hello to you."))
    async with half_requests(riff.adapter.port, 1100), aiohttp.ClientSession() as session:
        health = await session.get(f"http://127.0.0.1:{riff.adapter.port}/healthz")
        assert health.status == 200
        bodies = [
            json.dumps(slack.callback(slack.say(f"D{number}", "hello"))).encode() for number in range(20)
        ]
        started = time.monotonic()
        assert [(await slack.post(body))[0] for body in bodies] == [200] * 20
        assert time.monotonic() - started < 10
    await riff.idle()
    assert len(slack.workspace.by_riff()) == 20
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) < 10


class Counting(LimitedServer):
    """Answers with how many requests it has seen; `/slow` takes its time."""

    def __init__(self, limits: HttpLimits) -> None:
        self.seen = 0
        routes = web.Application(client_max_size=1000)
        routes.router.add_route("*", "/{name}", self._answer)
        super().__init__(routes, "127.0.0.1", 0, limits)

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen += 1
        if request.match_info["name"] == "slow":
            await asyncio.sleep(5)
        return web.Response(text=f"{self.seen} {len(await request.read())}")


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the other side closed the connection."""
    with contextlib.suppress(ConnectionError):
        return await reader.read(1) == b""
    return True


@pytest.mark.parametrize("data", [b"", b"GET /a HTTP/1.1\r\n", HALF + b"\r\n{"])
async def test_a_connection_that_says_nothing_more_is_closed(data: bytes) -> None:
    async with (
        Counting(HttpLimits(request_seconds=0.3)) as server,
        half_requests(server.port, 1, data) as readers,
    ):
        async with asyncio.timeout(3):
            assert await ended(readers[0])
        assert server.seen == 0


async def test_an_idle_connection_is_closed_and_one_in_use_is_not() -> None:
    limits = HttpLimits(request_seconds=0.4, idle_seconds=0.8)
    async with Counting(limits) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(4):
            writer.write(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(3):
                assert b"200" in await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.5)
        async with asyncio.timeout(3):
            while not await ended(reader):
                pass
        writer.close()
        assert server.seen == 4


async def test_an_answer_that_takes_too_long_is_a_503() -> None:
    async with Counting(HttpLimits(answer_seconds=0.2)) as server, aiohttp.ClientSession() as session:
        assert (await session.get(f"http://127.0.0.1:{server.port}/slow")).status == 503


async def test_who_waits_longest_makes_room() -> None:
    limits = HttpLimits(connections=10, request_seconds=60)
    async with Counting(limits) as server, half_requests(server.port, 10) as readers:
        async with aiohttp.ClientSession() as session:
            answer = await session.get(f"http://127.0.0.1:{server.port}/a")
            assert answer.status == 200
        async with asyncio.timeout(3):
            assert await ended(readers[0])
        assert not any(reader.at_eof() for reader in readers[2:])


async def test_there_is_no_room_where_everybody_is_at_work() -> None:
    limits = HttpLimits(connections=4)
    async with Counting(limits) as server, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}"
        slow = [asyncio.create_task(session.get(f"{url}/slow")) for _ in range(4)]
        while server.seen < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        async with aiohttp.ClientSession() as other:
            with pytest.raises(aiohttp.ClientError):
                await other.get(f"{url}/a")
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def test_one_address_takes_no_more_than_its_share() -> None:
    limits = HttpLimits(connections=100, of_address=5, request_seconds=60)
    async with Counting(limits) as server, half_requests(server.port, 20) as readers:
        await asyncio.sleep(0.2)
        assert (
            sum(reader.at_eof() for reader in readers)
            + sum(reader.exception() is not None for reader in readers)
            == 15
        )


def test_a_message_that_repeats_is_written_some_times_a_minute() -> None:
    now = [0.0]
    seldom = SeldomFilter(most=3, clock=lambda: now[0])

    def record(message: str, *args: object, level: int = logging.ERROR) -> logging.LogRecord:
        return logging.LogRecord("riff", level, "", 0, message, args, None)

    assert [seldom.filter(record("no room for %s", number)) for number in range(10)] == [True] * 3 + [
        False
    ] * 7
    assert seldom.filter(record("another thing"))
    assert all(seldom.filter(record("told", level=logging.INFO)) for _ in range(10))
    now[0] = 61.0
    again = record("no room for %s", 11)
    assert seldom.filter(again)
    assert again.getMessage() == "no room for 11 (and 7 more like it)"


async def test_the_start_page_keeps_nothing_and_is_not_called_for_ever(start_http: StartHttp) -> None:
    riff = await start_http(ScriptedGenerator(), **OAUTH, encryption_key=Fernet.generate_key().decode())
    async with aiohttp.ClientSession(f"http://127.0.0.1:{riff.adapter.port}") as session:
        answers = [(await session.get("/slack/install")).status for _ in range(30)]
    assert answers == [200] * 20 + [429] * 10
    async with riff.app.database.session() as database:
        names = await database.run_sync(
            lambda sync: set(__import__("sqlalchemy").inspect(sync.connection()).get_table_names())
        )
    assert "slack_oauth_states" not in names


def test_visits_are_counted_by_address_and_in_all() -> None:
    now = [0.0]
    visits = Visits(clock=lambda: now[0])
    assert sum(visits.allow("1.1.1.1") for _ in range(100)) == 20
    assert sum(visits.allow(f"2.2.2.{number}") for number in range(200)) == 100
    now[0] = 60.0
    assert visits.allow("1.1.1.1")


async def test_a_state_is_signed_young_and_used_once() -> None:
    now = [1_000_000.0]
    states = SignedStates("key", clock=lambda: now[0])
    state = await states.async_issue()
    assert not await SignedStates("other", clock=lambda: now[0]).async_consume(state)
    for wrong in ("", ".", "x", state[:-1], "9" + state, f"{state}x", "1.2.3", "\u00e9.\u00e9"):
        assert not await states.async_consume(wrong)
    assert await states.async_consume(state)
    assert not await states.async_consume(state)
    late = await states.async_issue()
    now[0] += 601
    assert not await states.async_consume(late)


async def test_only_the_workspaces_that_are_named_may_install_and_are_answered(
    slack: SlackServer, start_http: StartHttp
) -> None:
    own = {**OAUTH, "encryption_key": Fernet.generate_key().decode()}
    riff = await start_http(ScriptedGenerator("Hello."), **own, workspaces=["T9"])
    await install(riff, "t9")
    with pytest.raises(AssertionError, match="does not serve your workspace"):
        await install(riff, "t8")
    assert [method for method, _ in slack.api.calls].count("auth.revoke") == 1
    assert len(await kept_tokens(riff)) == 1
    theirs = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": BOT}]}
    await slack.deliver_event(slack.say("D1", "hello"), **theirs)
    await riff.idle()
    assert len(slack.workspace.by_riff()) == 1
    await riff.stop()
    riff = await start_http(ScriptedGenerator("Hello."), **own, workspaces=["T7"])
    await slack.deliver_event(slack.say("D2", "hello"), **theirs)
    await riff.idle()
    assert len(slack.workspace.by_riff()) == 1
