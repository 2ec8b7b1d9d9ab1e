"""Socket Mode, as a watcher sees it: ready while one connection lives."""

import asyncio
from pathlib import Path

from adapters.slack import SlackAdapter
from bot.app import App, serve
from bot.config.settings import HealthSettings
from genai.moderation import Moderator
from tests.slack.conftest import settings_for
from tests.support.doubles import ScriptedGenerator
from tests.support.health import free_port, until
from tests.support.slack_server import SlackServer

_REFUSALS = 3
"""Riff tries again every five seconds."""


async def test_without_a_connection_to_slack_it_is_not_ready(
    slack: SlackServer, tmp_path: Path, moderator: Moderator
) -> None:
    settings, port = settings_for(slack, f"sqlite:///{tmp_path}/riff.db"), free_port()
    app = App(settings, generator=ScriptedGenerator(), moderator=moderator)
    running = asyncio.create_task(
        serve(settings, [SlackAdapter()], lambda: app, health=HealthSettings(port=port))
    )
    try:
        await until(port, (200, "ready"))
        slack.api.failures["apps.connections.open"] = [("internal_error", 0)] * _REFUSALS
        await slack.sockets.drop()
        await until(port, (503, "not ready: slack"))
        await until(port, (200, "ready"))
        assert slack.api.failures["apps.connections.open"] == []
    finally:
        running.cancel()
        await asyncio.wait({running})
