"""`/healthz` and `/readyz` on a local port, in Socket Mode and on Discord too: what they say is so."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.app import App, serve
from bot.config import Settings
from bot.config.watch_settings import HealthSettings
from bot.core.readiness import Readiness
from bot.watching.health_server import HealthServer
from tests.discord.conftest import MakeRiff, discord, make_riff
from tests.discord.conftest import moderator as discord_moderator
from tests.slack.conftest import StartRiff, moderator, slack, start_riff
from tests.support.discord_server import DiscordServer
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator
from tests.support.slack_server import SlackServer

__all__ = ["discord", "discord_moderator", "make_riff", "moderator", "slack", "start_riff"]

Look = Callable[[str], Awaitable[tuple[int, str]]]
Watch = Callable[["asyncio.Future[App]"], Awaitable[Look]]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    """Serves the health of an app, and asks for it."""
    running: list[asyncio.Task[None]] = []
    async with aiohttp.ClientSession() as session:

        async def serve(starting: "asyncio.Future[App]") -> Look:
            server = HealthServer(HealthSettings(port=free_port()))
            running.append(asyncio.create_task(server.run(starting)))  # type: ignore[arg-type]
            while not server.port:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

            async def look(path: str) -> tuple[int, str]:
                async with session.get(f"http://127.0.0.1:{server.port}{path}") as answer:
                    return answer.status, await answer.text()

            return look

        yield serve
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def becomes(look: Look, status: int, said: str = "") -> None:
    """Until `/readyz` says so."""
    async with asyncio.timeout(60):
        while True:
            now = await look("/readyz")
            if now[0] == status and said in now[1]:
                return
            await asyncio.sleep(0.1)


def woken(app: App) -> "asyncio.Future[App]":
    found: asyncio.Future[App] = asyncio.get_running_loop().create_future()
    found.set_result(app)
    return found


async def test_who_wakes_up_is_healthy_and_not_ready(watch: Watch) -> None:
    look = await watch(asyncio.get_running_loop().create_future())
    assert await look("/healthz") == (200, "ok")
    assert await look("/readyz") == (503, "waking up")


async def test_slack_by_socket_mode_is_ready_while_it_is_connected(
    slack: SlackServer, start_riff: StartRiff, watch: Watch
) -> None:
    riff = await start_riff()
    look = await watch(woken(riff.app))
    await becomes(look, 200)
    riff.app.inbox.settings.__dict__["backlog"] = 0
    await becomes(look, 503, "slack: the inbox is full")
    riff.app.inbox.settings.__dict__["backlog"] = 5000
    await becomes(look, 200)
    await slack.__aexit__()
    await becomes(look, 503, "slack: not connected")


async def test_discord_is_ready_while_it_is_connected(
    discord: DiscordServer, make_riff: MakeRiff, watch: Watch
) -> None:
    riff = await make_riff()
    look = await watch(woken(riff.app))
    await becomes(look, 200)
    riff.app.inbox.settings.__dict__["backlog"] = 0
    await becomes(look, 503, "discord: the inbox is full")


async def test_a_port_that_is_taken_is_no_reason_to_end(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = HealthServer(HealthSettings(port=taken.getsockname()[1]))
        task = asyncio.create_task(server.run(asyncio.get_running_loop().create_future()))  # type: ignore[arg-type]
        await asyncio.sleep(0.3)
        assert not task.done()
        assert f"port {taken.getsockname()[1]} of 127.0.0.1 is taken" in caplog.text
        assert "[health] port, or RIFF_HEALTH__PORT" in caplog.text
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_part_that_does_not_say_or_breaks_is_not_well() -> None:
    async def breaks() -> str:
        raise KeyError("a secret")

    async def well() -> str:
        return ""

    readiness = Readiness()
    with readiness.of("one", breaks), readiness.of("other", well):
        assert await readiness.faults() == {"one": "KeyError"}
    assert await readiness.faults() == {}


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[tuple[App, ScriptedGenerator]]:
    """An app as `riff run` starts it, with a model that the test can break."""
    settings = Settings(storage={"url": f"sqlite:///{tmp_path}/riff.db"})
    generator = ScriptedGenerator()
    async with App(settings, generator=generator, moderator=light_moderator()) as app:
        yield app, generator


async def test_who_has_no_model_that_could_write_is_not_ready(
    started: tuple[App, ScriptedGenerator], watch: Watch
) -> None:
    app, generator = started
    look = await watch(woken(app))
    await becomes(look, 200)
    generator.ill = "stopped"
    assert await look("/readyz") == (503, "model: stopped")
    assert await look("/healthz") == (200, "ok")
    generator.ill = ""
    await becomes(look, 200)


class Draining:
    """An adapter that ends what is under way before it ends, as long as the test lets it."""

    def __init__(self) -> None:
        self.is_draining = asyncio.Event()
        self.may_end = asyncio.Event()

    def is_configured(self, _settings: Settings) -> bool:
        return True

    async def run(self, starting: "asyncio.Task[App]") -> None:
        await asyncio.shield(starting)
        try:
            await asyncio.Event().wait()
        finally:
            self.is_draining.set()
            await self.may_end.wait()


async def test_who_ends_is_healthy_and_not_ready_until_all_is_ended(tmp_path: Path) -> None:
    settings, port = Settings(storage={"url": f"sqlite:///{tmp_path}/riff.db"}), free_port()
    adapter, health = Draining(), HealthServer(HealthSettings(port=port))
    app = partial(App, settings, generator=ScriptedGenerator(), moderator=light_moderator())
    running = asyncio.create_task(serve(settings, [adapter], app, watch=health))
    async with aiohttp.ClientSession() as session:

        async def look(path: str) -> tuple[int, str]:
            try:
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectorError:
                return 0, ""

        try:
            await becomes(look, 200, "ready")
            running.cancel()
            await asyncio.wait_for(adapter.is_draining.wait(), 20)
            assert await look("/readyz") == (503, "riff: ending")
            assert await look("/healthz") == (200, "ok")
        finally:
            adapter.may_end.set()
            running.cancel()
            await asyncio.wait({running})
        assert await look("/healthz") == (0, "")
