"""An HTTP server that strangers may reach: how long a connection may say nothing, and how many there may be.

A connection waits until a request is read, body and all, and again once it is answered; one that waits too long is
closed. Where there are too many, the one that has waited longest makes room for the next: half a request is worth
less than a whole one. Knows nothing of what is asked.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

log = logging.getLogger("riff.http")

_BACKLOG = 1024
_TOLD_SECONDS = 60.0
_SHARE_OF_DESCRIPTORS = 2
"""One of so many open files may be a connection from outside; the others are for Riff's own work."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What one server allows."""

    connections: int = 512
    of_address: int = 256
    """A reverse proxy is one address."""
    request_seconds: float = 10.0
    """From the connection, or from the next byte on one that was idle, to the end of the body."""
    idle_seconds: float = 60.0
    answer_seconds: float = 30.0


class LimitedServer:
    """Serves an application within limits. Use as an async context manager; `port` is the one in use."""

    def __init__(self, app: web.Application, host: str, port: int, limits: HttpLimits) -> None:
        self._host = host
        self.port = port
        self._limits = limits
        self._door = _Door(limits)
        app.middlewares.append(self._timed)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=5, keepalive_timeout=limits.idle_seconds
        )
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        inner = self._runner.server
        if inner is None:
            raise RuntimeError("the runner has no server")
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(inner(), self._door),
            self._host,
            self.port,
            backlog=min(_BACKLOG, self._limits.connections),
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    @web.middleware
    async def _timed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        connection = self._door.of(request.transport)
        await request.read()  # kept for the handler; the connection waits until then
        connection.begins()
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                return await handler(request)
        except TimeoutError:
            raise web.HTTPServiceUnavailable from None
        finally:
            connection.ends()


class _Door:
    """All open connections, those that wait in the order in which they began to."""

    def __init__(self, limits: HttpLimits) -> None:
        self.limits = limits
        self._most = min(limits.connections, _descriptors() // _SHARE_OF_DESCRIPTORS)
        self._open: dict[asyncio.BaseTransport, _Connection] = {}
        self._waiting: dict[_Connection, None] = {}
        self._of_address: Counter[str] = Counter()
        self._closed = 0
        self._told_at = -_TOLD_SECONDS

    def of(self, transport: asyncio.BaseTransport | None) -> "_Connection":
        """The connection of a request; one that is closed already does no harm."""
        found = self._open.get(transport) if transport is not None else None
        return found or _Connection(asyncio.Protocol(), self)

    def enter(self, connection: "_Connection", transport: asyncio.BaseTransport) -> bool:
        """Whether there is room, which somebody who only waits may have to make."""
        if len(self._open) >= self._most and not self._make_room(""):
            return False
        address = connection.address
        if self._of_address[address] >= self.limits.of_address and not self._make_room(address):
            return False
        self._open[transport] = connection
        self._of_address[address] += 1
        return True

    def leave(self, connection: "_Connection", transport: asyncio.BaseTransport) -> None:
        """The connection is closed."""
        self._waiting.pop(connection, None)
        if self._open.pop(transport, None) is not None:
            self._of_address[connection.address] -= 1
            if not self._of_address[connection.address]:
                del self._of_address[connection.address]

    def waits(self, connection: "_Connection") -> None:
        """It is in the midst of no request."""
        self._waiting[connection] = None

    def works(self, connection: "_Connection") -> None:
        """Its request is being answered."""
        self._waiting.pop(connection, None)

    def turned_away(self) -> None:
        """Count a connection that was closed; the log has one line a minute of them."""
        self._closed += 1
        if time.monotonic() - self._told_at >= _TOLD_SECONDS:
            log.warning("connections closed for saying nothing, or for want of room: %d", self._closed)
            self._told_at, self._closed = time.monotonic(), 0

    def _make_room(self, address: str) -> bool:
        longest = next((one for one in self._waiting if address in ("", one.address)), None)
        if longest is not None:
            longest.abort()
        return longest is not None


class _Connection(asyncio.Protocol):
    """Stands before aiohttp's protocol, and closes a connection that makes others wait."""

    def __init__(self, inner: asyncio.Protocol, door: _Door) -> None:
        self._inner = inner
        self._door = door
        self._transport: asyncio.BaseTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_idle = False
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else "?"
        self._transport = transport
        if not self._door.enter(self, transport):
            self._door.turned_away()
            _abort(transport)
            self._transport = None
            return
        self._inner.connection_made(transport)
        self._wait(self._door.limits.request_seconds)

    def connection_lost(self, error: Exception | None) -> None:
        self._stop()
        if self._transport is not None:
            self._door.leave(self, self._transport)
            self._transport = None
            self._inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
        if self._is_idle:
            self._is_idle = False
            self._wait(self._door.limits.request_seconds)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._transport is not None else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def begins(self) -> None:
        """A request is read."""
        self._stop()
        self._door.works(self)

    def ends(self) -> None:
        """Its answer is ready."""
        if self._transport is not None:
            self._is_idle = True
            self._wait(self._door.limits.idle_seconds)

    def abort(self) -> None:
        """Close it now; whoever is at the other end gets no answer."""
        self._door.turned_away()
        if self._transport is not None:
            transport = self._transport
            self._door.leave(self, transport)
            _abort(transport)

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._door.waits(self)
        self._timer = asyncio.get_running_loop().call_later(seconds, self.abort)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _abort(transport: asyncio.BaseTransport) -> None:
    if isinstance(transport, asyncio.Transport):
        transport.abort()


def _descriptors() -> int:
    """How many files this process may have open."""
    try:
        import resource
    except ImportError:  # Windows
        return 1 << 16
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
