"""Riff with a scripted model on the local Discord, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.discord import DiscordAdapter
from bot.app import App
from bot.config import Settings
from genai.moderation import Moderator
from tests.support.accessible import discord_faults
from tests.support.discord_server import DiscordServer
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator

IDEAS = (
    "1. **Stamp card**: Sell stamps at noon.\n"
    "2. **Jar loan**: Lend jars to neighbours.\n"
    "3. **Tea walk**: Walk and sip.\n"
)


@dataclass
class Riff:
    """Riff under test."""

    app: App
    generator: ScriptedGenerator
    task: "asyncio.Task[None]"

    async def stop(self) -> None:
        """As at the end of `riff run`."""
        self.task.cancel()
        await asyncio.wait({self.task})


MakeRiff = Callable[..., Awaitable[Riff]]


@pytest.fixture
async def moderator() -> AsyncIterator[Moderator]:
    """The real gate with one light stage."""
    moderator = light_moderator()
    await moderator.start()
    yield moderator
    await moderator.close()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A local Discord; a test that leaves a bad request or a gateway violation behind fails."""
    async with DiscordServer() as server:
        yield server
        assert server.bad_requests == []
        assert server.gateway.violations == []
        assert discord_faults(server.requests) == []


@pytest.fixture
async def make_riff(
    discord: DiscordServer, sqlite_file: Path, moderator: Moderator
) -> AsyncIterator[MakeRiff]:
    """Starts Riff and waits until its shards are connected; keyword arguments are sections of the settings."""
    async with AsyncExitStack() as stack:

        async def make(*texts: Any, seconds: float = 0.0, connect: bool = True, **sections: Any) -> Riff:
            generator = ScriptedGenerator(*(texts or (IDEAS,)), seconds=seconds)
            app = App(settings_for(discord, sqlite_file, sections), generator=generator, moderator=moderator)
            await app.database.start()
            stack.push_async_callback(app.database.close)
            started: asyncio.Future[App] = asyncio.get_running_loop().create_future()
            started.set_result(app)
            riff = Riff(app, generator, asyncio.create_task(DiscordAdapter().run(started)))
            stack.push_async_callback(riff.stop)
            if connect:
                await connected(discord, riff)
            return riff

        yield make


def settings_for(discord: DiscordServer, database: Path, sections: dict[str, Any]) -> Settings:
    """Settings with everything fast."""
    token = {"api_url": discord.api_url, "token": SecretStr(discord.token), "edit_interval_seconds": 0.1}
    return Settings(
        **{
            "storage": {"url": f"sqlite:///{database}"},
            "inbox": {"poll_seconds": 0.2, "grace_seconds": 0.3, "lease_seconds": 2.0},
            **sections,
            "discord": token | sections.get("discord", {}),
        }
    )


async def connected(discord: DiscordServer, riff: Riff) -> None:
    """Wait until every shard is connected, or Riff has ended."""
    ready = asyncio.create_task(discord.gateway.ready())
    await asyncio.wait({ready, riff.task}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if riff.task.done():
        riff.task.result()
    assert discord.gateway.live()
