"""HTTP mode: signatures, replays, limits and faults, and installation by OAuth with tokens encrypted."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer

StartHttp = Callable[..., Awaitable[Riff]]


@pytest.fixture
def start_http(slack: SlackServer, start_riff: StartRiff) -> StartHttp:
    async def start(generator: ScriptedGenerator | None = None, **more: object) -> Riff:
        riff = await start_riff(generator, slack={"mode": "http", "port": 0, **more})
        await slack.settled(lambda: riff.adapter.port or riff.task.done())
        slack.events_url = f"http://127.0.0.1:{riff.adapter.port}/slack/events"
        return riff

    return start


async def test_an_event_is_answered_and_a_replay_is_not(slack: SlackServer, start_http: StartHttp) -> None:
    generator = ScriptedGenerator("Hello to you.")
    riff = await start_http(generator)
    body = json.dumps(slack.callback(slack.say("D1", "of lanterns"))).encode()
    stamp = time.time()
    assert [(await slack.post(body, at=stamp))[0] for _ in range(3)] == [200, 200, 200]
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello to you."]
    assert len(generator.requests) == 1


async def test_a_wrong_or_old_signature_is_refused(slack: SlackServer, start_http: StartHttp) -> None:
    riff = await start_http()
    body = json.dumps(slack.callback(slack.say("D1", "of lanterns"))).encode()
    assert (await slack.post(body, signature="v0=" + "0" * 64))[0] == 401
    assert (await slack.post(body, at=time.time() - 301))[0] == 401
    assert (await slack.post(body, at=time.time() + 301))[0] == 401
    assert await riff.app.inbox.rows.unfinished("slack") == 0


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"payload=%7Bbroken", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/xml", 415),
        (b'{"type": "event_callback", "team_id": "T0TEAM"}', "application/json", 400),
        (b'{"type": "block_actions", "team": {"id": "T0TEAM"}}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b" " * 1_000_001, "application/json", 413),
    ],
)
async def test_what_cannot_be_read_is_a_4xx(
    slack: SlackServer, start_http: StartHttp, body: bytes, media: str, status: int
) -> None:
    await start_http()
    assert (await slack.post(body, media))[0] == status


async def test_a_large_body_is_refused_while_it_is_read(slack: SlackServer, start_http: StartHttp) -> None:
    riff = await start_http()
    sent = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", riff.adapter.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
    writer.write(b"Content-Length: 900000000\r\n\r\n")
    answer = asyncio.create_task(reader.readline())
    while not answer.done() and sent < 100_000_000:
        writer.write(b" " * 100_000)
        sent += 100_000
        await asyncio.sleep(0)
        await writer.drain()
    assert b"413" in await asyncio.wait_for(answer, 10)
    assert sent < 20_000_000
    writer.close()


async def test_url_verification_and_health(slack: SlackServer, start_http: StartHttp) -> None:
    riff = await start_http()
    challenge = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    assert await slack.post(challenge) == (200, '{"challenge": "abc"}')
    async with aiohttp.ClientSession(f"http://127.0.0.1:{riff.adapter.port}") as session:
        assert (await session.get("/healthz")).status == 200
        assert (await session.get("/readyz")).status == 200
        riff.app.inbox.settings.__dict__["backlog"] = 0
        assert (await session.get("/readyz")).status == 503


async def test_an_event_that_cannot_be_kept_is_left_to_slack(
    slack: SlackServer, start_http: StartHttp
) -> None:
    riff = await start_http()
    riff.app.inbox.settings.__dict__["backlog"] = 0
    body = json.dumps(slack.callback(slack.say("D1", "of lanterns"))).encode()
    assert (await slack.post(body))[0] == 503


OAUTH = {"client_id": "1.2", "client_secret": "hush"}


async def install(riff: Riff, team: str) -> None:
    """Somebody adds Riff to their workspace."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{riff.adapter.port}") as session:
        page = await (await session.get("/slack/install")).text()
        address = next(one for one in page.replace("&amp;", "&").split('"') if "state=" in one)
        state = parse_qs(urlsplit(address).query)["state"][0]
        cookies = {"Cookie": f"slack-app-oauth-state={state}"}
        wrong = await session.get(f"/slack/oauth_redirect?code={team}&state=other", headers=cookies)
        assert wrong.status == 400
        done = await session.get(f"/slack/oauth_redirect?code={team}&state={state}", headers=cookies)
        assert done.status == 200, await done.text()


async def kept_tokens(riff: Riff) -> list[str]:
    """What stands in the database."""
    async with riff.app.database.session() as database:
        rows = (await database.execute(text("SELECT bot_token, bot_refresh_token FROM slack_bots"))).all()
    return [value for row in rows for value in row if value]


async def test_a_workspace_installs_riff_and_its_token_is_encrypted(
    slack: SlackServer, start_http: StartHttp
) -> None:
    key = Fernet.generate_key().decode()
    riff = await start_http(ScriptedGenerator("Hello to you."), **OAUTH, encryption_key=key)
    await install(riff, "t9")
    assert not any("xox" in kept for kept in await kept_tokens(riff))
    theirs = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": BOT}]}
    await slack.deliver_event(slack.say("D1", "of lanterns"), **theirs)
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello to you."]
    status, _ = await slack.post(json.dumps(slack.callback(slack.say("D1", "hi"), team_id="T8")).encode())
    assert status == 200
    await riff.idle()
    assert len(slack.workspace.by_riff()) == 1


async def test_a_token_that_expires_is_exchanged_once_and_stays_encrypted(
    slack: SlackServer, start_http: StartHttp
) -> None:
    slack.api.token_seconds = 3600
    key = Fernet.generate_key().decode()
    riff = await start_http(ScriptedGenerator("Hello to you."), **OAUTH, encryption_key=key)
    await install(riff, "t9")
    theirs = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": BOT}]}
    slack.api.tokens.clear()
    for number in range(3):
        await slack.deliver_event(slack.say(f"D{number}", "of lanterns", user=f"U{number}"), **theirs)
    await riff.idle()
    assert len(slack.workspace.by_riff()) == 3
    assert {one for one in slack.api.tokens if one.startswith("xoxb")} == {"xoxb-test-2-T9"}
    exchanges = [given for method, given in slack.api.calls if given.get("grant_type") == "refresh_token"]
    assert len(exchanges) == 1
    assert not any("xox" in kept for kept in await kept_tokens(riff))
    assert len(await kept_tokens(riff)) == 2


async def test_where_no_new_token_is_given_the_old_one_goes_on(
    slack: SlackServer, start_http: StartHttp
) -> None:
    slack.api.token_seconds = 3600
    key = Fernet.generate_key().decode()
    riff = await start_http(ScriptedGenerator("Hello to you."), **OAUTH, encryption_key=key)
    await install(riff, "t9")
    slack.api.failures["oauth.v2.access"] = [("invalid_refresh_token", 0)] * 9
    theirs = {"team_id": "T9", "authorizations": [{"team_id": "T9", "user_id": BOT}]}
    await slack.deliver_event(slack.say("D1", "of lanterns"), **theirs)
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello to you."]
