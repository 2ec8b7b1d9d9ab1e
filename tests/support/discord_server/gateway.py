"""The gateway: sessions that outlive their connections, heartbeats, identify, resume, replay.

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.discord_server.compression import Encoder
from tests.support.discord_server.world import DM, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
GUILD_MESSAGE_REACTIONS = 1 << 10
_PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
_COMMANDS_PER_MINUTE = 120


@dataclass
class Session:
    """What the server remembers of one identify; events are kept for a resume."""

    shard: int
    shards: int
    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[dict[str, Any]] = field(default_factory=list)
    connection: "Connection | None" = None
    is_valid: bool = True


class Connection:
    """One socket of a client."""

    def __init__(self, gateway: "Gateway", socket: web.WebSocketResponse, encoder: Encoder) -> None:
        self.gateway = gateway
        self.socket = socket
        self.session: Session | None = None
        self.silent = False
        self.beats = 0
        self._encoder = encoder
        self._sending = asyncio.Lock()
        self._commands: list[float] = []

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one payload, unless the connection plays dead or is gone."""
        if self.silent or self.socket.closed:
            return
        async with self._sending:
            try:
                await self._encoder.send(self.socket, payload)
            except (ConnectionError, RuntimeError):
                self.gateway.log.append("lost while sending")

    async def close(self, code: int) -> None:
        await self.socket.close(code=code)

    def abort(self) -> None:
        """Cut the line without a closing handshake."""
        transport = getattr(self.socket._req, "transport", None)
        if transport is not None:
            transport.abort()

    async def serve(self) -> None:
        """Speak the protocol until the socket ends."""
        interval = self.gateway.heartbeat_ms
        await self.send(
            {"op": HELLO, "d": {"heartbeat_interval": interval, "_trace": []}, "s": None, "t": None}
        )
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                payload = json.loads(message.data)
            except ValueError:
                return await self.close(4002)
            if self._sends_too_much():
                self.gateway.violations.append("more than 120 gateway commands in a minute")
                return await self.close(4008)
            if not await self._take(payload):
                return None
        return None

    def _sends_too_much(self) -> bool:
        now = time.monotonic()
        self._commands = [at for at in self._commands if now - at < 60.0] + [now]
        return len(self._commands) > _COMMANDS_PER_MINUTE

    async def _take(self, payload: dict[str, Any]) -> bool:
        match payload.get("op"):
            case 1:
                self.beats += 1
                await self.send({"op": ACK, "d": None, "s": None, "t": None})
            case 2:
                return await self.gateway.identify(self, payload["d"])
            case 6:
                return await self.gateway.resume(self, payload["d"])
            case 3 | 4 | 8:
                if self.session is None:
                    await self.close(4003)
                    return False
            case _:
                await self.close(4001)
                return False
        return True


@dataclass
class Gateway:
    """All sessions of one bot. `content_allowed` is whether the app may ask for MESSAGE_CONTENT."""

    world: World
    token: str
    url: str = ""
    heartbeat_ms: int = 41_250
    max_concurrency: int = 1
    identify_seconds: float = 5.0
    content_allowed: bool = True
    remaining: int = 1000
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    identifies: list[tuple[float, int]] = field(default_factory=list)
    resumes: list[tuple[str, int]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    compressions: list[str | None] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Take one websocket connection."""
        socket = web.WebSocketResponse(autoping=True, max_msg_size=4096, compress=False)
        await socket.prepare(request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012)
            return socket
        self.compressions.append(request.query.get("compress"))
        connection = Connection(self, socket, Encoder(request.query.get("compress")))
        self.connections.append(connection)
        try:
            await connection.serve()
        finally:
            self.connections.remove(connection)
            session = connection.session
            if session is not None and session.connection is connection:
                session.connection = None
                if socket.close_code in (1000, 1001):  # the client ended its session itself
                    session.is_valid = False
            self._notify()
        return socket

    async def identify(self, connection: Connection, data: dict[str, Any]) -> bool:
        """Start a session and say READY and GUILD_CREATE, or refuse."""
        if connection.session is not None:
            await connection.close(4005)
            return False
        if data.get("token", "").removeprefix("Bot ") != self.token:
            await connection.close(4004)
            return False
        shard, shards = data.get("shard", [0, 1])
        if shards != self.world.shards or not 0 <= shard < shards:
            await connection.close(4010)
            return False
        if data.get("intents", 0) & _PRIVILEGED & ~(MESSAGE_CONTENT if self.content_allowed else 0):
            await connection.close(4014)
            return False
        if not self._may_identify(shard):
            await connection.send({"op": INVALID, "d": False, "s": None, "t": None})
            return True
        session = Session(shard, shards, data["intents"], connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        await self._greet(session)
        self._notify()
        return True

    def _may_identify(self, shard: int) -> bool:
        now = time.monotonic()
        key = shard % self.max_concurrency
        recent = [at for at, other in self.identifies if other % self.max_concurrency == key]
        self.identifies.append((now, shard))
        self.remaining -= 1
        if recent and now - recent[-1] < self.identify_seconds * 0.98:
            self.violations.append(
                f"shard {shard} identified {now - recent[-1]:.2f} s after the last of its key"
            )
            return False
        return True

    async def _greet(self, session: Session) -> None:
        guilds = [
            guild
            for guild in self.world.guilds.values()
            if (int(guild["id"]) >> 22) % session.shards == session.shard
        ]
        ready = {
            "v": 10,
            "user": self.world.bot,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": self.world.bot["id"], "flags": self.app_flags},
        }
        await self._dispatch(session, "READY", ready)
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", self.world.guild_create(guild))

    @property
    def app_flags(self) -> int:
        """The application's flags: GATEWAY_MESSAGE_CONTENT_LIMITED where content is allowed."""
        return 1 << 19 if self.content_allowed else 0

    async def resume(self, connection: Connection, data: dict[str, Any]) -> bool:
        """Replay what the client missed, or say that its session is gone."""
        self.resumes.append((data.get("session_id", ""), data.get("seq") or 0))
        session = self.sessions.get(data.get("session_id", ""))
        if data.get("token", "").removeprefix("Bot ") != self.token:
            await connection.close(4004)
            return False
        if session is None or not session.is_valid:
            await connection.send({"op": INVALID, "d": False, "s": None, "t": None})
            return True
        if (data.get("seq") or 0) > len(session.events):
            await connection.close(4007)
            return False
        connection.session = session
        session.connection = connection
        for event in session.events[data.get("seq") or 0 :]:
            await connection.send(event)
        await self._dispatch(session, "RESUMED", {"_trace": []})
        self._notify()
        return True

    async def publish(self, shard: int, name: str, data: dict[str, Any]) -> None:
        """Send an event to every session of the shard, now or when it resumes."""
        for session in list(self.sessions.values()):
            if session.shard == shard and session.is_valid:
                shown = self._as_seen(session, name, data)
                if shown is not None:
                    await self._dispatch(session, name, shown)

    async def repeat(self, shard: int, count: int = 1) -> None:
        """Dispatch the last events of a shard once more, with new sequence numbers."""
        for session in list(self.sessions.values()):
            if session.shard == shard and session.is_valid:
                for event in [event for event in session.events if event["t"] != "RESUMED"][-count:]:
                    await self._dispatch(session, event["t"], event["d"])

    def _as_seen(self, session: Session, name: str, data: dict[str, Any]) -> dict[str, Any] | None:
        if name.startswith("MESSAGE_REACTION_"):
            return data if session.intents & GUILD_MESSAGE_REACTIONS or "guild_id" not in data else None
        if name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            return data
        is_direct = self.world.channels[int(data["channel_id"])]["type"] == DM
        if not session.intents & (DIRECT_MESSAGES if is_direct else GUILD_MESSAGES):
            return None
        mentioned = any(user["id"] == self.world.bot["id"] for user in data["mentions"])
        own = data["author"]["id"] == self.world.bot["id"]
        if is_direct or mentioned or own or session.intents & MESSAGE_CONTENT:
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}

    async def _dispatch(self, session: Session, name: str, data: dict[str, Any]) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        if session.connection is not None:
            await session.connection.send(event)

    # What tests do to connections.

    def live(self, shard: int | None = None) -> list[Session]:
        """The sessions that have a connection."""
        return [
            session
            for session in self.sessions.values()
            if session.connection is not None and shard in {None, session.shard}
        ]

    async def ready(self, shards: int | None = None) -> None:
        """Wait until every shard has a live session."""
        wanted = set(range(shards or self.world.shards))
        while not wanted <= {session.shard for session in self.live()}:
            self.changed.clear()
            await self.changed.wait()

    def drop(self, shard: int) -> None:
        """Cut the shard's line without a goodbye."""
        for session in self.live(shard):
            assert session.connection is not None
            session.connection.abort()

    async def ask_to_reconnect(self, shard: int) -> None:
        """Op 7."""
        for session in self.live(shard):
            assert session.connection is not None
            await session.connection.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self, shard: int, *, resumable: bool) -> None:
        """Op 9."""
        for session in self.live(shard):
            session.is_valid = resumable
            assert session.connection is not None
            await session.connection.send({"op": INVALID, "d": resumable, "s": None, "t": None})

    def play_dead(self, shard: int) -> None:
        """A zombie: the line stays up and nothing comes through it any more."""
        for session in self.live(shard):
            assert session.connection is not None
            session.connection.silent = True

    async def close_all(self) -> None:
        """Close every connection, as at the end of the server."""
        for connection in list(self.connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    def _notify(self) -> None:
        self.changed.set()
        self.on_change()
