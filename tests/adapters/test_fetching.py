"""Attached files are fetched from the platform's own hosts, within limits; what goes wrong is said."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.common.attachments import MOST_BYTES, AttachmentError, File, Source, read_files
from bot.core.domain import Listener
from genai.speech import SpeechSettings

ASKED = web.AppKey("asked", list[str])
DEAF = Listener(SpeechSettings())


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    """Serves files to those who show the token; `ASKED` are the paths."""

    async def serve(request: web.Request) -> web.StreamResponse:
        app[ASKED].append(request.path)
        if request.headers.get("Authorization") != "Bearer T":
            return web.Response(text="<h1>Log in</h1>", content_type="text/html")
        if request.path == "/endless.txt":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(MOST_BYTES // 500_000 + 2):
                await response.write(b"x" * 500_000)
            return response
        return web.Response(text="a shelf", status=404 if request.path == "/gone.txt" else 200)

    app = web.Application()
    app[ASKED] = []
    app.router.add_get("/{name}", serve)
    async with TestServer(app) as server:
        yield server


def source_at(server: TestServer, shown: str = "T") -> Source:
    return Source(
        "Slack", ("files.example",), str(server.make_url("/api/")), {"Authorization": f"Bearer {shown}"}
    )


def file_at(server: TestServer, name: str = "notes.txt", **other: Any) -> File:
    return File(
        **{"name": name, "url": str(server.make_url(f"/{name}")), "size": 7, "media_type": "text/plain"}
        | other
    )


async def test_a_file_is_read_with_the_platforms_headers(server: TestServer) -> None:
    (read,) = await read_files([file_at(server)], source_at(server), DEAF, 1000)
    assert (read.name, read.text) == ("notes.txt", "a shelf")


@pytest.mark.parametrize(
    ("name", "other", "token", "said"),
    [
        ("gone.txt", {}, "T", "Slack does not let me read that file"),
        ("notes.txt", {}, "wrong", "Slack does not let me read that file"),
        ("endless.txt", {}, "T", "too large"),
        ("notes.txt", {"size": MOST_BYTES + 1}, "T", "too large"),
        ("notes.exe", {"media_type": "application/x"}, "T", "text, Markdown, CSV and PDF"),
        ("notes.txt", {"url": "http://127.0.0.1:9/notes.txt"}, "T", "can't fetch"),
        ("notes.txt", {"url": "https://files.example.evil.example/notes.txt"}, "T", "can't fetch"),
        ("notes.txt", {"url": "http://files.example/notes.txt"}, "T", "can't fetch"),
        ("notes.txt", {"url": ""}, "T", "can't fetch"),
    ],
)
async def test_what_cannot_be_read_is_said(
    server: TestServer, name: str, other: dict[str, Any], token: str, said: str
) -> None:
    with pytest.raises(AttachmentError) as raised:
        await read_files([file_at(server, name, **other)], source_at(server, token), DEAF, 1000)
    assert said in raised.value.say


async def test_what_need_not_be_fetched_is_not(server: TestServer) -> None:
    with pytest.raises(AttachmentError):
        await read_files([file_at(server)] * 6, source_at(server), DEAF, 1000)
    with pytest.raises(AttachmentError):
        await read_files([file_at(server, size=MOST_BYTES + 1)], source_at(server), DEAF, 1000)
    assert server.app[ASKED] == []


def test_only_a_platforms_own_hosts_are_its_own() -> None:
    source = Source("Slack", ("slack.com",), "https://slack.com/api/")
    assert source.has("https://files.slack.com/x")
    assert not source.has("https://evilslack.com/x")
    assert not source.has("http://files.slack.com/x")
