"""Slack and Discord in one process: one pipeline, one database, and one person behind two accounts."""

import asyncio
import re
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.discord import DiscordAdapter
from adapters.slack import SlackAdapter
from bot.app import App, serve
from bot.config import Settings
from bot.core.domain import Account
from genai.moderation import Moderator
from tests.support.discord_server import DiscordServer
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, TEAM, SlackServer


async def test_both_run_at_once_and_a_linked_person_has_one_profile(
    discord: DiscordServer, tmp_path: Path, moderator: Moderator
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    generator = ScriptedGenerator("Tea.")
    async with SlackServer() as slack:
        settings = Settings(
            storage={"url": f"sqlite:///{tmp_path}/riff.db"},
            slack={"api_url": slack.url, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "connections": 1},
            discord={
                "api_url": discord.api_url,
                "token": SecretStr(discord.token),
                "edit_interval_seconds": 0.1,
            },
        )
        adapters = [SlackAdapter(), DiscordAdapter()]
        assert all(adapter.is_configured(settings) for adapter in adapters)
        apps: list[App] = []

        def make() -> App:
            apps.append(App(settings, generator=generator, moderator=moderator))
            return apps[0]

        running = asyncio.create_task(serve(settings, adapters, make))
        async with asyncio.timeout(60):
            await asyncio.gather(slack.sockets.connected(), discord.gateway.ready())
        asked = await discord.command(person, channel, "link", sub="code")
        await asked.until(lambda it: it.shown and "Your code is" in it.shown[0]["content"])
        private = discord.world.dm_with(int(person["id"]))
        code = re.search(r"\w{5}-\w{5}", asked.shown[0]["content"])
        assert code is not None
        dm: dict[str, Any] = slack.say("D1", f"/link {code[0]}", user="U1")
        await slack.deliver_event(dm)
        people = apps[0].repositories.people
        mine, theirs = Account("discord", "", person["id"]), Account("slack", TEAM, "U1")
        async with asyncio.timeout(30):
            while not any(person["id"] in message.shown for message in slack.workspace.by_riff("D1")):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await people.find(mine) != await people.find(theirs)
        await slack.deliver_event(slack.say("D1", "/link confirm", user="U1"))
        async with asyncio.timeout(30):
            while await people.find(mine) != await people.find(theirs):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await discord.until(lambda: "one person to me now" in str(discord.said(private)))
        opened = await discord.command(person, channel, "profile", sub="edit")
        await opened.until(lambda it: it.response)
        saved = await discord.submit(person, opened, {"role": "a baker"})
        await saved.until(lambda it: any("saved" in message["content"] for message in it.shown))
        await slack.deliver_event(slack.say("D1", "tea?", user="U1"))
        async with asyncio.timeout(30):
            while not generator.requests:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert "a baker" in " ".join(turn.content for turn in generator.requests[-1].turns)
        running.cancel()
        await asyncio.wait({running})
