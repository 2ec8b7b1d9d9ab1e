"""Transport compression of the gateway: none, one zlib stream, or one zstd stream for each connection.

https://docs.discord.com/developers/events/gateway#transport-compression
"""

import json
import zlib
from collections.abc import Callable
from typing import Any

import zstandard
from aiohttp import web

Send = Callable[[web.WebSocketResponse, dict[str, Any]], Any]


class Encoder:
    """Encodes payloads for one connection; the compression context lives as long as it."""

    def __init__(self, kind: str | None) -> None:
        if kind not in {None, "zlib-stream", "zstd-stream"}:
            raise ValueError(kind)
        self._zlib = zlib.compressobj() if kind == "zlib-stream" else None
        self._zstd = zstandard.ZstdCompressor().compressobj() if kind == "zstd-stream" else None

    async def send(self, socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
        """Send one payload as one text or binary message."""
        text = json.dumps(payload, separators=(",", ":"))
        if self._zlib is not None:
            await socket.send_bytes(self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH))
        elif self._zstd is not None:
            block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
            await socket.send_bytes(self._zstd.compress(text.encode()) + self._zstd.flush(block))
        else:
            await socket.send_str(text)
