"""Walks through Riff on the local Slack, and keeps what stands on the screen after each part."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from adapters.slack import SlackAdapter
from tests.support.light import light_moderator
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import Message
from tests.tools.screenshots import slack_page
from tests.tools.screenshots.journeys import POSTED, TOPIC, model
from tests.tools.screenshots.running import running
from tests.tools.screenshots.shots import Shot, conversation

_CHINESE = {"U1": "zh-CN", "U2": "zh-CN", "U3": "zh-CN", "U4": "zh-CN"}


class SlackWalk:
    """Riff on a Slack of its own; `shots` are what was recorded."""

    def __init__(self, server: SlackServer, app: Any, locale: str) -> None:
        self.server = server
        self.shots: list[Shot] = []
        self._app = app
        self._locale = locale
        self._seen: set[int] = set()

    async def idle(self) -> None:
        """Until all that was delivered is done."""
        while await self._app.inbox.rows.unfinished("slack"):
            await self.server.settled(lambda: True)

    async def walk(self) -> list[Shot]:
        """All the parts, one after the other."""
        server, topic = self.server, TOPIC[self._locale]
        await self._event({"type": "member_joined_channel", "user": BOT, "channel": "C1", "inviter": "U1"})
        await self._event(server.say("D1", "hello"))
        self._keep("first-contact", "Riff is invited, and greeted in a direct message")
        plants = "plants in the office" if self._locale == "en" else "办公室里的植物"
        await self._event(server.say("C1", f"<@{BOT}> /brainstorm 5 {plants}"))
        self._keep("ideas", "A list of ideas")
        question = "which plants survive an office?" if self._locale == "en" else "哪些植物适合办公室？"
        await self._event(server.say("C1", f"<@{BOT}> {question}"))
        self._keep("answer", "An answer")
        for name, words, title in (
            ("help", "help", "Help"),
            ("settings", "admin show", "What an admin has set"),
            ("erase", "forget everything", "Before all is erased"),
            ("profile", "profile", "A profile"),
            ("review", "review", "What waits for moderators"),
        ):
            await self._command(words)
            self._keep(name, title)
        await self._session(topic)
        await self._event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
        with suppress(TimeoutError):
            await server.settled(lambda: server.workspace.homes, 5)
        if home := server.workspace.homes.get("U1"):
            self._shot("home", "App Home", slack_page.view(home, server.workspace.files))
        return self.shots

    async def _session(self, topic: str) -> None:
        server = self.server
        await self._command(f'session start "{topic}" 20')
        self._keep("session-start", "A brainstorm of the team begins")
        root = next((one for one in reversed(server.workspace.by_riff("C1")) if not one.thread_ts), None)
        if root is None:
            return
        await self._command("session skip")
        for who, text in POSTED[self._locale]:
            await self._event(server.say("C1", text, user=who, thread=root.ts, parent_user_id=BOT))
        self._keep("session-ideas", "Ideas are collected")
        await self._command("session board")
        self._keep("session-board", "The board")
        await self._command("session skip")
        self._keep("session-vote", "The vote")
        for who, numbers in (("U2", "1, 2"), ("U3", "1"), ("U4", "2, 4")):
            await self._event(server.say("C1", numbers, user=who, thread=root.ts, parent_user_id=BOT))
        await self._command("session skip")
        self._keep("session-improve", "The best are improved")
        await self._command("session end")
        self._keep("session-result", "What came of it")

    async def _event(self, event: dict[str, Any]) -> None:
        await self.server.deliver_event(event)
        if event.get("type") == "message" and event["text"].startswith(f"<@{BOT}>"):
            await self.server.deliver_event(self.server.mention(event))
        await self.idle()

    async def _command(self, words: str) -> None:
        await self.server.deliver("slash_commands", self.server.command(words))
        await self.idle()

    def _keep(self, name: str, title: str) -> None:
        """What is new on the screen since the last picture; nothing where nothing is."""
        workspace = self.server.workspace
        standing = [one for one in workspace.messages.values() if not one.deleted]
        fresh = [one for one in (*standing, *workspace.ephemeral) if self._is_new(one)]
        body = conversation(slack_page.posts_of(workspace, sorted(fresh, key=lambda one: one.ts)))
        body += "".join(slack_page.view(one, workspace.files) for one in workspace.views)
        workspace.views.clear()
        if any(one.user == BOT for one in fresh) or (not fresh and body):
            self._shot(name, title, body)

    def _is_new(self, message: Message) -> bool:
        key = hash((message.ts, message.shown, tuple(message.reactions), len(message.files)))
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def _shot(self, name: str, title: str, body: str) -> None:
        suffix = "" if self._locale == "en" else f"-{self._locale}"
        for user in ("U1", "U2", "U3", "U4"):
            body = body.replace(f"name of {user}", slack_page.name_of(user))
        self.shots.append(Shot(f"slack-{name}{suffix}", title, "slack", body, self._locale))


@asynccontextmanager
async def slack_walk(folder: Path, locale: str) -> AsyncIterator[SlackWalk]:
    """A Slack with Riff in it."""
    from tests.slack.conftest import settings_for

    async with SlackServer() as server:
        server.api.admins.add("U1")
        server.api.locales = dict(_CHINESE) if locale == "zh" else {}
        settings = settings_for(server, f"sqlite:///{folder}/riff.db")
        async with running(settings, model(locale), light_moderator(), SlackAdapter()) as app:
            await server.sockets.connected()
            yield SlackWalk(server, app, locale)


async def recorded(folder: Path, locale: str) -> Sequence[Shot]:
    """All that was seen."""
    async with slack_walk(folder, locale) as walk:
        return await walk.walk()
