"""A board in the browser: what it shows and hides, who can open it, and that changes come by themselves."""

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.places.moderation_policy import Policies
from storage.values.brainstorms import NewBoardIdea, Phase
from storage.values.records import Scope
from tests.support.light import FORBIDDEN
from tests.web.conftest import TOPIC, StartWeb, Web

SCRIPT = "<script>alert(1)</script>"


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """What a stream tells, as values."""
    async for line in answer.content:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def cards(message: dict[str, Any]) -> str:
    return "\n".join(message["cards"].values())


async def test_a_board_is_seen_to_grow_join_and_vote(web: Web) -> None:
    board = await web.board()
    cork = await web.idea(board, "Line the lid with cork", "Ann")
    felt = await web.idea(board, "Felt pads for chair legs", "Ben")
    path = await web.link(board)
    status, page = await web.get(path)
    assert status == 200
    assert TOPIC in page
    assert 'http-equiv="refresh"' in page, "without scripts it loads anew"
    seen = re.search(r'data-stream="([^"]+)"', page)
    assert seen
    async with asyncio.timeout(20), web.client.get(web.address + seen[1]) as answer:
        assert answer.content_type == "text/event-stream"
        told = aiter(events(answer))
        await web.app.repositories.boards.add(
            board.id, NewBoardIdea("Cork and felt in one", origins=(cork, felt))
        )
        message = await anext(told)
        assert {number for *_theme, numbers in message["themes"] for number in numbers} == {1, 2, 3}
        assert "made of" in message["cards"]["3"]
        assert "part of" in message["cards"]["1"], "both ends of a line tell of each other"
        assert "Cork and felt in one" in message["says"]
        assert set(message["map"]["dots"]) == {"1", "2", "3"}

        double = await web.idea(board, "Line the lid with cork!", "Cem")
        await web.app.repositories.boards.merge(double, cork)
        while "Cem" not in cards(message):
            message = await anext(told)
        assert "Ann and Cem" in message["cards"]["1"]

        brainstorms, ends = web.app.repositories.brainstorms, datetime.now(UTC) + timedelta(minutes=3)
        assert await brainstorms.advance(board.id, Phase.DIVERGE, Phase.VOTE, ends, None)
        await web.app.repositories.boards.vote(cork, await web.person("Ben"), "Ben")
        while "until then nobody sees them" not in message["head"]:
            message = await anext(told)
        assert "1 vote" not in (await web.get(path))[1], "nobody sees how a vote goes"
        assert await brainstorms.advance(board.id, Phase.VOTE, Phase.CONVERGE, ends, None)
        while "1 vote" not in cards(message):
            message = await anext(told)
        assert "Ben" not in message["cards"]["1"], "the ballot is secret, as in chat"
        assert "size-5" in message["cards"]["1"]


async def test_what_moderation_withholds_is_on_no_page_and_in_no_file(web: Web) -> None:
    board = await web.board()
    await web.idea(board, f"A {FORBIDDEN} idea", "Ann")
    await web.idea(board, "Oak lid", FORBIDDEN)
    path = await web.link(board)
    texts = [(await web.get(path + end))[1] for end in ("", "/file/md", "/file/csv", "/file/json")]
    assert FORBIDDEN not in "".join(texts)
    assert all("withheld" in text and "Oak lid" in text for text in texts)
    async with asyncio.timeout(20), web.client.get(f"{web.address}{path}/changes") as answer:
        told = aiter(events(answer))
        assert "Oak lid" in cards(await anext(told))
        policies = Policies(web.app.settings.moderation, web.app.repositories.scopes)
        await policies.block_term(Scope("test", "w1", "general"), "oak")
        while "withheld" not in (now := cards(await anext(told))):
            pass
        assert "Oak" not in now, "a new rule holds for what stands there already"


async def test_scripts_in_ideas_names_and_topics_stay_text(web: Web) -> None:
    board = await web.board(topic=f"Lids {SCRIPT}")
    await web.idea(
        board, f'Cork " onclick="x {SCRIPT}', f"Ann {SCRIPT}", body="</p><img src=x onerror=alert(1)>"
    )
    path = await web.link(board)
    async with web.client.get(f"{web.address}{path}?view=map") as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "<script>" not in page
    assert "<img" not in page
    assert '" onclick' not in page
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce
    assert re.findall(r"<script[^>]* nonce=\"([\w-]+)\"", page) == [nonce[1]]
    assert "unsafe" not in policy
    assert nonce[1] not in (await web.get(path))[1], "each answer has a nonce of its own"


async def test_only_an_open_link_opens_a_board_and_only_its_own(web: Web) -> None:
    ours, theirs = await web.board("t1"), await web.board("t2", topic="Secret plans")
    await web.idea(theirs, "Buy the mill")
    path, other, ended = await web.link(ours), await web.link(theirs), await web.link(ours, seconds=-1)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    pages = [
        await web.get(wrong)
        for wrong in (ended, forged, "/board/1", f"{forged}/changes", f"{forged}/file/csv")
    ]
    assert {status for status, _text in pages} == {404}
    assert len({text for _status, text in pages[:2]}) == 2, "nonces differ ..."
    assert len({re.sub(r'nonce="[^"]+"', "", text) for _status, text in pages}) == 1, "... and nothing else"
    assert "Buy the mill" not in (await web.get(path))[1]
    assert "Buy the mill" in (await web.get(other))[1]
    async with web.client.post(web.address + path, data={"x": "y"}) as answer:
        assert answer.status == 405, "it is for reading"
    async with asyncio.timeout(20), web.client.get(f"{web.address}{path}/changes") as answer:
        await anext(aiter(events(answer)))
        assert await web.app.repositories.board_links.revoke(ours.id) == 1
        async for _line in answer.content:
            pass  # ends by itself
    assert (await web.get(path))[0] == 404
    assert (await web.get(other))[0] == 200
    assert {(await web.get(forged))[0] for _ in range(31)} == {404, 429}, "nobody guesses for long"


async def test_a_board_can_be_taken_away_in_five_forms(web: Web) -> None:
    board = await web.board(topic='=HYPERLINK("http://x")')
    await web.idea(board, '=HYPERLINK("http://evil.example","win")', "+Ann")
    path = await web.link(board)
    rows = list(csv.DictReader(io.StringIO((await web.get(f"{path}/file/csv"))[1])))
    assert [row["title"][0] for row in rows] == ["'"]
    assert [row["authors"][0] for row in rows] == ["'"]
    assert json.loads((await web.get(f"{path}/file/json"))[1])["ideas"][0]["number"] == 1
    for form, begins in (("png", b"\x89PNG"), ("pdf", b"%PDF-"), ("md", b"# ")):
        async with web.client.get(f"{web.address}{path}/file/{form}") as answer:
            assert (await answer.read()).startswith(begins)
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="brainstorm-')
    assert (await web.get(f"{path}/file/exe"))[0] == 404


async def test_pages_speak_the_browsers_language_and_say_nothing_to_others(start_web: StartWeb) -> None:
    web = await start_web(public_url="https://riff.example.org/team", trusted_proxies=["127.0.0.1"])
    path = await web.link(await web.board())
    chinese = (await web.get(path, {"Accept-Language": "de;q=0.9, zh-CN;q=0.8"}))[1]
    assert '<html lang="zh-Hans">' in chinese
    assert "还没有点子" in chinese
    headers = {"X-Forwarded-For": "<b>, 1.2.3.4", "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    async with web.client.get(web.address + path, headers=headers) as answer:
        page = await answer.text()
        assert "evil.example" not in page + str(answer.headers), "addresses come from the settings alone"
        assert f'href="/team{path}/file/csv"' in page
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" in answer.headers
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../site.py", "/static/%2e%2e/site.py", "/nope%0d%0aSet-Cookie:x=1"]
)
async def test_what_is_no_page_is_answered_with_one_sentence(web: Web, path: str) -> None:
    async with web.client.get(web.address + path) as answer:
        assert answer.status == 404
        assert "Set-Cookie" not in answer.headers
        assert "There is no such page" in await answer.text()
