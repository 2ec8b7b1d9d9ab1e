"""Pages over real HTTP: an app with a light moderation, people on a board, and a client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.web.site import make_site
from bot.app import App
from bot.config import Settings
from bot.core.domain import Account, Place
from bot.core.http_limits import HttpLimits, LimitedServer
from genai.moderation import Moderator, blocklist
from genai.moderation.chain import Chain
from genai.moderation.settings import ModerationSettings
from storage.values.brainstorms import NewBoardIdea, Phase, Plan, StoredBrainstorm
from tests.support.doubles import ScriptedGenerator
from tests.support.light import FORBIDDEN

TOPIC = "A quieter kitchen"


def moderator() -> Moderator:
    """A word of the settings, and the terms of each place."""
    settings = ModerationSettings(blocklist=[FORBIDDEN])
    return Moderator(
        settings, load_chain=lambda given: Chain([blocklist.load(given), blocklist.ScopeTerms()])
    )


@dataclass
class Web:
    """A site that is served, and the boards behind it."""

    app: App
    client: aiohttp.ClientSession
    address: str
    people: dict[str, int] = field(default_factory=dict)

    async def board(self, place: str = "t1", **plan: Any) -> StoredBrainstorm:
        """A brainstorm where ideas are collected."""
        host = await self.person("host")
        begun = await self.app.repositories.brainstorms.start(
            Place("test", "w1", "general", place),
            host,
            Plan(plan.pop("topic", TOPIC), **plan),
            phase=Phase.DIVERGE,
            ends_at=datetime.now(UTC) + timedelta(minutes=9),
        )
        assert begun is not None
        return begun

    async def person(self, name: str) -> int:
        """Somebody's id."""
        if name not in self.people:
            account = Account("test", "w1", name)
            self.people[name] = await self.app.repositories.people.find_or_create(account)
        return self.people[name]

    async def idea(self, board: StoredBrainstorm, title: str, who: str = "host", body: str = "") -> int:
        """Somebody's idea on the board; its id."""
        new = NewBoardIdea(title, body, await self.person(who), name=who)
        placed = await self.app.repositories.boards.add(board.id, new)
        assert placed is not None
        return placed.id

    async def link(self, board: StoredBrainstorm, **ends_in: float) -> str:
        """The path of the board's page, by a new link."""
        ends_at = datetime.now(UTC) + timedelta(**(ends_in or {"days": 1}))
        secret = await self.app.repositories.board_links.add(board.id, ends_at)
        return f"/board/{secret}"

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """The status and text of a page."""
        async with self.client.get(self.address + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def shows(self, path: str, text: str) -> bool:
        """Whether a page comes to show a text: a board is looked at several times a second."""
        for _ in range(40):
            if text in (await self.get(path))[1]:
                return True
            await asyncio.sleep(0.05)
        return False


StartWeb = Callable[..., Awaitable[Web]]


@pytest.fixture
async def start_web(sqlite_file: Path) -> AsyncIterator[StartWeb]:
    """Serves sites; the keywords are settings of [web]."""
    async with AsyncExitStack() as stack:

        async def start(**web: object) -> Web:
            settings = Settings(
                storage={"url": f"sqlite:///{sqlite_file}"}, session={"tick_seconds": 60.0}, web=web
            )
            app = App(settings, generator=ScriptedGenerator("x"), moderator=moderator())
            await stack.enter_async_context(app)
            limits = HttpLimits(answer_seconds=600)
            server = await stack.enter_async_context(LimitedServer(make_site(app), "127.0.0.1", 0, limits))
            client = await stack.enter_async_context(aiohttp.ClientSession())
            return Web(app, client, f"http://127.0.0.1:{server.port}")

        yield start


@pytest.fixture
async def web(start_web: StartWeb) -> Web:
    return await start_web()
