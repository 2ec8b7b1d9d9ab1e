"""Socket Mode: WebSockets that deliver envelopes and wait for their acknowledgement.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import random
import time
import uuid
from typing import Any

from aiohttp import WSMsgType, web


class SocketMode:
    """Delivers each envelope to one connection at random, and again when it is not acknowledged in time."""

    def __init__(self) -> None:
        self.connections: list[web.WebSocketResponse] = []
        self.most_connections = 0
        self.opened = 0
        self.ack_seconds: list[float] = []
        self.payloads: dict[str, Any] = {}
        self.retry_seconds = 3.0
        self.random = random.Random(0)
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until either side closes it."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.connections) + 1})
        self.connections.append(socket)
        self.opened += 1
        self.most_connections = max(self.most_connections, len(self.connections))
        self._changed.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            if socket in self.connections:
                self.connections.remove(socket)
        return socket

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))

    async def connected(self, count: int = 1) -> None:
        """Waits until there are that many connections."""
        async with asyncio.timeout(90):  # a busy machine imports slowly
            while len(self.connections) < count:
                self._changed.clear()
                await self._changed.wait()

    async def deliver(self, kind: str, payload: dict[str, Any], *, attempts: int = 4) -> Any:
        """Delivers until acknowledged, as Slack retries; gives the acknowledgement's payload."""
        for attempt in range(attempts):
            await self.connected()
            socket = self.random.choice(self.connections)
            envelope_id = str(uuid.uuid4())
            self._waiting[envelope_id] = future = asyncio.get_running_loop().create_future()
            envelope = {
                "envelope_id": envelope_id,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                "retry_attempt": attempt,
            }
            started = time.monotonic()
            try:
                await socket.send_json(envelope)
                answer = await asyncio.wait_for(future, self.retry_seconds)
            except (TimeoutError, ConnectionError):
                continue
            finally:
                del self._waiting[envelope_id]
            self.ack_seconds.append(time.monotonic() - started)
            return answer
        raise TimeoutError(f"not acknowledged after {attempts} deliveries")

    async def refresh(self) -> None:
        """Asks a connection to be replaced, as Slack does every few hours, and closes it."""
        socket = self.random.choice(self.connections)
        self.connections.remove(socket)
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def drop(self) -> None:
        """Loses a connection without a word."""
        socket = self.random.choice(self.connections)
        self.connections.remove(socket)
        if socket._req is not None and socket._req.transport is not None:
            socket._req.transport.abort()
