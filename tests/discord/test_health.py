"""Discord's gateway, as a watcher sees it: ready while every shard's line is open."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from adapters.discord import DiscordAdapter
from bot.app import App, serve
from bot.config.settings import HealthSettings
from genai.moderation import Moderator
from tests.discord.conftest import settings_for
from tests.support.discord_server import DiscordServer
from tests.support.doubles import ScriptedGenerator
from tests.support.health import free_port, until


async def refuse(_: web.Request) -> web.StreamResponse:
    """The gateway is away."""
    raise web.HTTPServiceUnavailable


async def test_with_a_shard_that_lost_its_line_it_is_not_ready(
    tmp_path: Path, moderator: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with DiscordServer(shards=2) as discord:
        settings, port = settings_for(discord, tmp_path, {}), free_port()
        app = App(settings, generator=ScriptedGenerator(), moderator=moderator)
        running = asyncio.create_task(
            serve(settings, [DiscordAdapter()], lambda: app, health=HealthSettings(port=port))
        )
        try:
            await until(port, (200, "ready"))
            with monkeypatch.context() as away:
                away.setattr(discord.gateway, "handle", refuse)
                discord.gateway.drop(1)
                await until(port, (503, "not ready: discord"))
                assert [session.shard for session in discord.gateway.live()] == [0]
            await until(port, (200, "ready"))
        finally:
            running.cancel()
            await asyncio.wait({running})
