"""One request to a server over HTTP: posted, read to its end, and foreign errors made ours."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx2

from genai.errors import GenerationFailed
from genai.remote.errors import OddStream, ServerFailed
from genai.remote.servers import Server

_END_SECONDS = 0.2
"""How long a server may take to end its response, once it has said that this is done."""


class post:  # noqa: N801 - reads as what it does
    """The response to one request, closed at the end. Raises ServerFailed where there is none."""

    def __init__(self, server: Server, fields: Mapping[str, Any]) -> None:
        self._server = server
        self._request = server.client.build_request(
            "POST",
            server.address("chat/completions"),
            json=dict(fields),
            headers={"Accept": "text/event-stream"},
        )
        self._response: httpx2.Response | None = None

    async def __aenter__(self) -> httpx2.Response:
        client = self._server.client
        with translated(self._server):
            try:
                self._response = await client.send(self._request, stream=True)
            except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
                # a connection that was kept, and that the server had closed meanwhile
                self._response = await client.send(self._request, stream=True)
            return self._response

    async def __aexit__(self, *_: object) -> None:
        if self._response is not None:
            await self._response.aclose()


async def read_to_end(chunks: AsyncGenerator[bytes]) -> None:
    """Nothing comes any more; a connection that was read to its end can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_END_SECONDS):
            async for _ in chunks:
                pass


@contextmanager
def translated(server: Server) -> Iterator[None]:
    """Foreign errors become ours, without the texts that they may repeat."""
    try:
        with readable(server):
            yield
    except httpx2.TimeoutException as error:
        say = f"The language model server {server.place} does not answer in time."
        raise ServerFailed(GenerationFailed(say), passing=True) from error
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError) as error:
        say = f"The language model server {server.place} cannot be reached, or broke off; is it running?"
        raise ServerFailed(GenerationFailed(say), passing=True) from error


@contextmanager
def readable(server: Server) -> Iterator[None]:
    """What cannot be read is a failure of the server."""
    try:
        yield
    except (OddStream, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        say = f"The language model server {server.place} sends what cannot be read."
        raise ServerFailed(GenerationFailed(say), passing=True) from error
