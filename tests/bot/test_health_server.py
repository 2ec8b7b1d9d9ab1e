"""`/healthz` and `/readyz` of a whole Riff whose platform is a double; real ones are with their adapters' tests."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, serve
from bot.cli.run import chat, run
from bot.config import Settings
from bot.config.settings import HealthSettings
from bot.core.errors import ConfigError
from tests.support.doubles import ScriptedGenerator
from tests.support.health import asked, free_port, until
from tests.support.light import light_moderator

READY = (200, "ready")


class Platform:
    """An adapter that serves nobody, and whose line a test cuts."""

    platform = "fax"

    def __init__(self) -> None:
        self.is_up = True
        self.fault: Exception | None = None
        self.asked = 0
        self.ends = asyncio.Event()

    def is_configured(self, settings: Settings) -> bool:
        return True

    async def run(self, starting: "asyncio.Task[App]") -> None:
        await asyncio.shield(starting)
        try:
            await asyncio.Event().wait()
        finally:
            await self.ends.wait()

    async def is_connected(self) -> bool:
        self.asked += 1
        if self.fault:
            raise self.fault
        return self.is_up


class Serving:
    """A Riff under test."""

    def __init__(self, settings: Settings) -> None:
        self.platform = Platform()
        self.port = free_port()
        self.generator = ScriptedGenerator()
        self.moderator = light_moderator()
        self.may_start = asyncio.Event()
        self.app = App(settings, generator=self.generator, moderator=self.moderator)
        self.generator.start = self.may_start.wait  # type: ignore[method-assign, assignment]
        self.task = asyncio.create_task(
            serve(settings, [self.platform], lambda: self.app, health=HealthSettings(port=self.port))
        )

    async def stop(self) -> None:
        self.platform.ends.set()
        self.may_start.set()
        self.task.cancel()
        await asyncio.wait({self.task})


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Serving]:
    one = Serving(Settings(storage={"url": f"sqlite:///{folder}/riff.db"}))
    try:
        yield one
    finally:
        await one.stop()


async def test_it_lives_before_it_is_ready_and_is_not_ready_while_it_ends(tmp_path: Path) -> None:
    async with serving(tmp_path) as riff:
        await until(riff.port, (503, "not ready: starting"))
        assert await asked(riff.port, "/healthz") == (200, "ok")
        riff.may_start.set()
        await until(riff.port, READY)
        riff.task.cancel()
        await until(riff.port, (503, "not ready: ending"))
        assert await asked(riff.port, "/healthz") == (200, "ok")
        riff.platform.ends.set()
        await asyncio.wait({riff.task})
        assert await asked(riff.port, "/healthz") == (0, "")


async def no_database(riff: Serving) -> None:
    await riff.app.database.close()
    path = riff.app.database.address.path
    assert path is not None
    path.unlink()
    path.mkdir()


async def no_moderation(riff: Serving) -> None:
    await riff.moderator.close()


async def no_model(riff: Serving) -> None:
    riff.generator.is_ready = False


async def no_line(riff: Serving) -> None:
    riff.platform.is_up = False


@pytest.mark.parametrize(
    ("lose", "name"),
    [(no_database, "database"), (no_moderation, "moderation"), (no_model, "model"), (no_line, "fax")],
)
async def test_the_part_that_is_missing_is_named(
    tmp_path: Path, lose: Callable[[Serving], Any], name: str
) -> None:
    async with serving(tmp_path) as riff:
        riff.may_start.set()
        await until(riff.port, READY)
        await lose(riff)
        await until(riff.port, (503, f"not ready: {name}"))
        assert await asked(riff.port, "/healthz") == (200, "ok")


async def test_what_a_part_says_when_it_fails_is_told_and_logged_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(tmp_path) as riff:
        riff.may_start.set()
        await until(riff.port, READY)
        riff.platform.fault = ValueError("Ada asked for a birthday cake")
        await until(riff.port, (503, "not ready: fax"))
    assert "fax is not ready: ValueError" in caplog.text
    assert "birthday" not in caplog.text


async def test_a_part_that_does_not_answer_is_missing_after_two_seconds(tmp_path: Path) -> None:
    async with serving(tmp_path) as riff:
        riff.may_start.set()
        await until(riff.port, READY)

        async def hang() -> None:
            await asyncio.sleep(60)

        riff.app.database.check = hang  # type: ignore[method-assign]
        await asyncio.sleep(1.0)
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await asked(riff.port) == (503, "not ready: database")
        assert loop.time() - began < 4.0


async def test_many_who_ask_share_one_look_at_the_parts(tmp_path: Path) -> None:
    async with serving(tmp_path) as riff:
        riff.may_start.set()
        await until(riff.port, READY)
        await asyncio.sleep(1.1)
        before, began = riff.platform.asked, asyncio.get_running_loop().time()
        answers = [
            answer
            for _ in range(10)
            for answer in await asyncio.gather(*(asked(riff.port) for _ in range(20)))
        ]
        took = asyncio.get_running_loop().time() - began
        assert answers == [READY] * 200
        assert riff.platform.asked - before <= 1 + took


async def test_half_requests_keep_nobody_from_asking(tmp_path: Path) -> None:
    async with serving(tmp_path) as riff:
        riff.may_start.set()
        await until(riff.port, READY)
        half = [await asyncio.open_connection("127.0.0.1", riff.port) for _ in range(100)]
        for _, writer in half:
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert await asked(riff.port, "/healthz") == (200, "ok")
        assert await asked(riff.port) == READY
        async with asyncio.timeout(15):  # those that are left are closed without an answer
            assert {await _rest(reader) for reader, _ in half} <= {b""}
        for _, writer in half:
            writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_nothing_else_is_served_there(tmp_path: Path) -> None:
    async with serving(tmp_path) as riff:
        await until(riff.port, (503, "not ready: starting"))
        assert (await asked(riff.port, "/"))[0] == 404
        assert (await asked(riff.port, "/metrics"))[0] == 404


async def test_a_port_that_is_taken_is_a_sentence_and_nothing_starts(tmp_path: Path) -> None:
    made: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        health = HealthSettings(port=taken.getsockname()[1])
        with pytest.raises(ConfigError, match=r"health\.port: 127\.0\.0\.1:\d+ .*set another one, or 0"):
            await serve(Settings(), [Platform()], lambda: made.append("app"), health=health)  # type: ignore[arg-type, return-value]
    assert made == []


def test_riff_run_tells_of_its_health_and_riff_chat_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[HealthSettings | None] = []

    async def served(*_: object, health: HealthSettings | None = None) -> None:
        asked_for.append(health)

    monkeypatch.setattr("bot.app.serve", served)
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    monkeypatch.setenv("RIFF_HEALTH__PORT", "8123")
    run()
    chat(user="ada")
    assert asked_for == [HealthSettings(host="127.0.0.1", port=8123), None]
