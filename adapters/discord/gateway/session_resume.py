"""Gateway sessions that outlive the process, so that what people said meanwhile is still heard.

What is noted of a session is the last event all earlier ones of which are in the inbox. A session that was left,
by a crash, a stop or a line that stayed away, is resumed beside the new one, drained, and closed.
https://docs.discord.com/developers/events/gateway#resuming
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

if TYPE_CHECKING:
    from adapters.discord.gateway.client import RiffBot

log = logging.getLogger("riff.discord")

_EVERY_SECONDS = 1.0
_STARTING_SECONDS = 0.1
_SETTLE_SECONDS = 10.0
_MOST_TRIES = 3
_DRAIN_SECONDS = 60.0
_PREFIX = "session:"


class Notes(Protocol):
    """Where sessions are noted: the core's platform state."""

    async def named(self, platform: str, start: str) -> Mapping[str, Any]: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...
    async def remove(self, platform: str, name: str) -> None: ...


Missed = Callable[[int, float], Awaitable[int]]
"""Reads back what a shard missed since a time, over REST; gives how many messages that were."""


@dataclass(frozen=True, slots=True)
class Session:
    """One gateway session; `seq` is the last event that need not come again, `at` when that was known."""

    shard: int
    session_id: str
    url: str
    seq: int
    at: float = field(default=0.0, compare=False)

    @property
    def name(self) -> str:
        """Under which it is noted."""
        return f"{_PREFIX}{self.session_id}"


class Sessions:
    """Notes the bot's live sessions, and drains the ones that were left."""

    def __init__(self, bot: "RiffBot", notes: Notes, caught_up: Callable[[], Any]) -> None:
        self.missed: Missed | None = None
        self._bot = bot
        self._notes = notes
        self._caught_up = caught_up
        self._noted: dict[str, Session] = {}
        self._draining: set[str] = set()
        self._settled = asyncio.Event()
        self._tries: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """What an earlier process left."""
        for name, value in (await self._notes.named("discord", _PREFIX)).items():
            with contextlib.suppress(TypeError):
                session = Session(**value)
                self._noted[session.name] = session
                continue
            await self._notes.remove("discord", name)

    async def run(self) -> None:
        """Note sessions every second until cancelled."""
        try:
            while True:
                await self.note()
                self._drain_left()
                await asyncio.sleep(_EVERY_SECONDS if self._settled.is_set() else _STARTING_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()

    async def settled(self) -> None:
        """Wait until every shard is connected and all that was said before is heard, but not for ever.

        Who answers waits for this, so that a channel's earlier prompts are answered before its later ones.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_SECONDS):
                await self._settled.wait()

    async def note(self) -> None:
        """Note each live session with what is surely kept of it."""
        live = self._live()
        await self._caught_up()
        for session in live:
            if self._noted.get(session.name) != session:
                self._noted[session.name] = session
                await self._notes.put("discord", session.name, asdict(session))

    def _live(self) -> list[Session]:
        sessions = []
        for shard in self._bot.shards:
            socket = self._bot.socket_of(shard)
            if socket.session_id and socket.sequence:
                url, heard = str(socket.gateway), socket.sequence
                sessions.append(Session(shard, socket.session_id, url, heard, time.time()))
        return sessions

    def _drain_left(self) -> None:
        live = self._live()
        names = {session.name for session in live}
        if len(live) >= (self._bot.shard_count or 1) and not self._noted.keys() - names:
            self._settled.set()
        ready = {session.shard for session in live}
        for name, session in list(self._noted.items()):
            shard_is_back = session.shard in ready or session.shard >= (self._bot.shard_count or 1)
            if name not in names and name not in self._draining and shard_is_back:
                self._draining.add(name)
                task = asyncio.create_task(self._drain(session), name="discord-drain")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _drain(self, session: Session) -> None:
        """Hear what was said since, then close the session; it is forgotten once all of that is kept."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                count = await _replay(self._bot, session)
            log.info("a session that was left on shard %d was drained of %d events", session.shard, count)
        except ReconnectWebSocket:
            log.info("a session that was left on shard %d is gone", session.shard)
            await self._read_back(session)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("a session that was left cannot be drained: %s", type(error).__name__)
            self._tries[session.name] += 1
            if self._tries[session.name] < _MOST_TRIES:
                await asyncio.sleep(_EVERY_SECONDS)
                self._draining.discard(session.name)
                return
            await self._read_back(session)
        await self._caught_up()
        await self._notes.remove("discord", session.name)
        self._noted.pop(session.name, None)
        self._draining.discard(session.name)

    async def _read_back(self, session: Session) -> None:
        """What the session can no longer tell is read over REST."""
        if self.missed is None or not session.at:
            return
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                count = await self.missed(session.shard, session.at)
            log.info("%d messages of shard %d were read back", count, session.shard)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("what was missed cannot be read back: %s", type(error).__name__)


async def _replay(bot: "RiffBot", session: Session) -> int:
    socket = await DiscordWebSocket.from_client(
        bot,
        gateway=yarl.URL(session.url),
        shard_id=session.shard,
        session=session.session_id,
        sequence=session.seq,
        resume=True,
    )
    bot.replays += 1
    try:
        resumed = socket.wait_for("RESUMED", lambda _: True)
        while not resumed.done():
            await socket.poll_event()
        return max(0, (socket.sequence or session.seq) - session.seq - 1)
    finally:
        bot.replays -= 1
        await socket.close(code=1000)
