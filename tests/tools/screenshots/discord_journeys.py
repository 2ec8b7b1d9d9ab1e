"""Walks through Riff on the local Discord, and keeps what stands on the screen after each part."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.discord import DiscordAdapter
from bot.app import App
from bot.config import Settings
from tests.support.discord_server import DiscordServer, Interaction
from tests.support.light import light_moderator
from tests.tools.screenshots.discord_page import DiscordPage
from tests.tools.screenshots.journeys import POSTED, TOPIC, model
from tests.tools.screenshots.running import running
from tests.tools.screenshots.shots import Shot, conversation

Json = dict[str, Any]
_PEOPLE = {"U1": "Robin", "U2": "Kim", "U3": "Sasha", "U4": "Noor"}
_QUIET_SECONDS = 0.6
"""Nothing new for so long means that Riff is done."""


class DiscordWalk:
    """Riff on a Discord of its own; `shots` are what was recorded."""

    def __init__(self, server: DiscordServer, locale: str) -> None:
        """People and a channel; `app` is Riff, once it runs."""
        self.server = server
        self.app: App | None = None
        self.shots: list[Shot] = []
        self._locale = locale
        self._page = DiscordPage(server)
        guild = server.add_guild()
        self._channel = server.add_channel(guild, "ideas")
        self._people = {key: server.add_user(name) for key, name in _PEOPLE.items()}
        for person in self._people.values():
            person["locale"] = "zh-CN" if locale == "zh" else "en-US"
        server.make_admin(guild, self._people["U1"])
        self._seen: set[int] = set()

    async def walk(self) -> list[Shot]:
        """All the parts, one after the other."""
        server, host, here = self.server, self._people["U1"], self._channel
        await server.say(host, server.world.dm_with(int(host["id"])), "hello")
        await self._keep("first-contact", "Riff is in a new server, and greeted in a direct message")
        plants = "plants in the office" if self._locale == "en" else "办公室里的植物"
        await self._command("ideas", "A list of ideas", "brainstorm", {"topic": plants, "count": 5})
        question = "which plants survive an office?" if self._locale == "en" else "哪些植物适合办公室？"
        await server.say(host, here, question, mention=True)
        await self._keep("answer", "An answer")
        await self._command("help", "Help", "help")
        await self._command("settings", "What an admin has set", "riff-admin", sub="show")
        await self._command("erase", "Before all is erased", "forget", sub="everything")
        await self._command("profile", "A profile", "profile", sub="show")
        await self._command("form", "A form", "brainstorm")
        await self._session()
        return self.shots

    async def _session(self) -> None:
        server, host = self.server, self._people["U1"]
        before = set(server.world.channels)
        await self._command("session-start", "A brainstorm of the team begins", "session",
                            {"topic": TOPIC[self._locale], "minutes": 20}, sub="start")  # fmt: skip
        opened = [one for key, one in server.world.channels.items() if key not in before]
        if not opened:
            return
        thread = opened[0]
        await server.command(host, thread, "session", sub="skip")
        await self._quiet()
        for who, text in POSTED[self._locale]:
            await server.say(self._people[who], thread, text)
            await self._quiet()
        await self._keep("session-ideas", "Ideas are collected")
        await self._command("session-board", "The board", "session", sub="board", at=thread)
        await self._command("session-vote", "The vote", "session", sub="skip", at=thread)
        for who, numbers in (("U2", "1, 2"), ("U3", "1"), ("U4", "2, 4")):
            await server.say(self._people[who], thread, numbers)
            await self._quiet()
        await self._command("session-improve", "The best are improved", "session", sub="skip", at=thread)
        await self._command("session-result", "What came of it", "session", sub="end", at=thread)

    async def _command(
        self, shot: str, title: str, name: str, options: Json | None = None, *, sub: str | None = None,
        at: Json | None = None,
    ) -> None:  # fmt: skip
        """Somebody uses a command; one that is not there, or takes other values, is left out."""
        try:
            asked = await self.server.command(self._people["U1"], at or self._channel, name, options, sub=sub)
        except (AssertionError, LookupError) as error:
            print(f"discord-{shot} is left out: {error}")  # noqa: T201
            return
        await self._keep(shot, title, asked)

    async def _quiet(self) -> None:
        """Until Riff has nothing to do, and has asked the server for nothing for a moment."""
        while True:
            asked = len(self.server.requests)
            await asyncio.sleep(_QUIET_SECONDS)
            if len(self.server.requests) == asked and not await self._is_busy():
                return

    async def _is_busy(self) -> bool:
        return self.app is not None and bool(await self.app.inbox.rows.unfinished("discord"))

    async def _keep(self, name: str, title: str, asked: Interaction | None = None) -> None:
        """What is new on the screen since the last picture; nothing where nothing is."""
        await self._quiet()
        world = self.server.world
        shown = {int(one["id"]): one for one in world.messages.values()}
        shown |= {int(one["id"]): one for one in (asked.shown if asked else ())}
        fresh = [one for _key, one in sorted(shown.items()) if self._is_new(one)]
        body = conversation([self._page.post(one) for one in fresh])
        if asked and asked.response and asked.response["type"] == 9:
            body += self._page.modal(asked.response["data"])
        if body:
            suffix = "" if self._locale == "en" else f"-{self._locale}"
            self.shots.append(Shot(f"discord-{name}{suffix}", title, "discord", body, self._locale))

    def _is_new(self, message: Json) -> bool:
        drawn = (message["id"], self._page.post(message))
        key = hash(drawn)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new


async def recorded(folder: Path, locale: str) -> Sequence[Shot]:
    """All that was seen."""
    async with DiscordServer() as server:
        walk = DiscordWalk(server, locale)
        token = {"api_url": server.api_url, "token": SecretStr(server.token), "edit_interval_seconds": 0.1}
        inbox = {"poll_seconds": 0.2, "grace_seconds": 0.3, "lease_seconds": 2.0}
        settings = Settings(storage={"url": f"sqlite:///{folder}/riff.db"}, inbox=inbox, discord=token)
        async with running(settings, model(locale), light_moderator(), DiscordAdapter()) as walk.app:
            await server.gateway.ready()
            return await walk.walk()
