"""Riff's real adapter on a fresh database, talking to a local Slack over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import SlackAdapter
from bot.app import App
from bot.config import Settings
from genai.moderation import Moderator
from genai.request import Generator
from tests.support.accessible import slack_faults
from tests.support.doubles import ScriptedGenerator
from tests.support.light import light_moderator
from tests.support.postgres import postgres_url
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer

__all__ = ["postgres_url"]

FAST_INBOX = {"lease_seconds": 1.0, "poll_seconds": 0.1, "grace_seconds": 1.0}
FAST_SLACK = {"message_interval_seconds": 0.02, "connections": 1}


class Riff:
    """A running adapter and its app."""

    def __init__(self, app: App, adapter: SlackAdapter, task: "asyncio.Task[None]") -> None:
        self.adapter = adapter
        self.app = app
        self.task = task

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    async def idle(self) -> None:
        """Until every event that was delivered is done."""
        async with asyncio.timeout(30):
            while await self.app.inbox.rows.unfinished("slack"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


StartRiff = Callable[..., Awaitable[Riff]]


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server
        assert server.api.invalid == []
        assert slack_faults(server.api.calls) == []


def settings_for(server: SlackServer, url: str, **sections: dict[str, Any]) -> Settings:
    tokens = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SIGNING_SECRET}
    given = {
        "storage": {"url": url},
        "slack": {"api_url": server.url, **tokens, **FAST_SLACK, **sections.pop("slack", {})},
        "inbox": {**FAST_INBOX, **sections.pop("inbox", {})},
        **sections,
    }
    return Settings(**given)


@pytest.fixture
async def start_riff(slack: SlackServer, sqlite_file: Path, moderator: Moderator) -> AsyncIterator[StartRiff]:
    """Starts Riff; keyword arguments are sections of the settings."""
    async with AsyncExitStack() as stack:

        async def start(generator: Generator | None = None, **sections: dict[str, Any]) -> Riff:
            settings = settings_for(slack, f"sqlite:///{sqlite_file}", **sections)
            app = App(settings, generator=generator or ScriptedGenerator(), moderator=moderator)
            await app.database.start()
            stack.push_async_callback(app.database.close)

            async def ready() -> App:
                return app

            adapter = SlackAdapter()
            assert adapter.is_configured(settings)
            riff = Riff(app, adapter, asyncio.create_task(adapter.run(asyncio.create_task(ready()))))
            stack.push_async_callback(riff.stop)
            connected = asyncio.create_task(slack.sockets.connected())
            if settings.slack.mode == "socket":
                await asyncio.wait({connected, riff.task}, return_when=asyncio.FIRST_COMPLETED)
                if riff.task.done():
                    riff.task.result()
            else:
                connected.cancel()
            return riff

        yield start


@pytest.fixture
async def moderator() -> AsyncIterator[Moderator]:
    """The real gate with a light chain: what the chain finds is tested elsewhere."""
    moderator = light_moderator()
    await moderator.start()
    yield moderator
    await moderator.close()
