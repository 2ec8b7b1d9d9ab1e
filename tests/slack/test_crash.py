"""kill -9 at seeded points, shutdown, lost connections, an unsure Slack: nothing lost, nothing twice, in order."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.inbox import ClaimedEvent, StorageError
from tests.slack.conftest import FAST_INBOX, FAST_SLACK, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.light import EchoGenerator
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SlackServer

WRITES = {"chat.postMessage", "chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"}
KILLS = 10


@pytest.fixture
def process(slack: SlackServer, tmp_path: Path) -> Iterator[RiffProcess]:
    settings = {
        "storage": {"url": f"sqlite:///{tmp_path}/riff.db"},
        "slack": {"api_url": slack.url, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, **FAST_SLACK},
        "inbox": {**FAST_INBOX, "lease_seconds": 2.0, "max_attempts": 50},
    }
    riff = RiffProcess("slack", settings, seconds=0.02)
    yield riff
    riff.kill()


def answers_to(slack: SlackServer, prompt: str) -> list[str]:
    """The threads in which an answer to the prompt stands."""
    return [one.thread_ts for one in slack.workspace.by_riff() if f"Answer to {prompt}." in one.shown]


def assert_each_answered_once(slack: SlackServer, prompts: dict[str, str]) -> None:
    for prompt, thread in prompts.items():
        assert answers_to(slack, prompt) == [thread], prompt
    for message in slack.workspace.by_riff():
        assert message.shown.count("Answer to") == 1
        assert message.shown.count("The end of") == 1
        assert not message.streaming
    for thread in set(prompts.values()):
        mine = [one for one in slack.workspace.by_riff() if one.thread_ts == thread]
        order = [prompt for one in mine for prompt in prompts if f"Answer to {prompt}." in one.shown]
        assert order == [prompt for prompt in prompts if prompts[prompt] == thread]


async def test_killed_at_ten_seeded_points_nothing_is_lost_or_said_twice(
    slack: SlackServer, process: RiffProcess
) -> None:
    chance = random.Random(6)
    slack.sockets.retry_seconds = 1.5
    kills = 0
    countdown = chance.randint(1, 9)
    moment = chance.choice(["before", "after"])

    async def maybe_kill(now: str, method: str) -> None:
        nonlocal kills, countdown, moment
        if method not in WRITES or now != moment or kills >= KILLS:
            return
        countdown -= 1
        if countdown == 0:
            kills += 1
            countdown, moment = chance.randint(1, 9), chance.choice(["before", "after"])
            await asyncio.to_thread(process.kill)
            await asyncio.sleep(0.05)
            await asyncio.to_thread(process.start)

    async def before(method: str, _: dict[str, Any]) -> None:
        await maybe_kill("before", method)

    async def after(method: str, _: dict[str, Any]) -> None:
        await maybe_kill("after", method)

    slack.api.before, slack.api.after = before, after
    slack.api.is_agent = True
    process.start()
    await slack.sockets.connected()
    prompts: dict[str, str] = {}
    roots: dict[str, str] = {}
    last: dict[str, asyncio.Task[None]] = {}

    async def deliver(said: dict[str, Any], earlier: asyncio.Task[None] | None) -> None:
        """One after the other in a thread: what arrives later than its successor cannot be answered before it."""
        if earlier is not None:
            await earlier
        await slack.sockets.deliver("events_api", slack.callback(said), attempts=60)

    number = 0
    while kills < KILLS or number < 16:
        channel = ("C0", "C1", "D2")[number % 3]
        beside = {"app_context": {"entities": []}} if channel == "D2" else {}  # an agent's, which is streamed
        said = slack.say(channel, f"<@{BOT}> prompt {number}", thread=roots.get(channel, ""), **beside)
        prompts[f"prompt {number}"] = roots.setdefault(channel, said["ts"])
        last[channel] = asyncio.create_task(deliver(said, last.get(channel)))
        await asyncio.sleep(0.3)
        number += 1
        assert number < 200
    await asyncio.gather(*last.values())
    await slack.settled(lambda: all(answers_to(slack, prompt) for prompt in prompts), 150)
    await slack.settled(lambda: not any(one.streaming for one in slack.workspace.by_riff()), 60)
    await asyncio.sleep(1.5)
    assert kills == KILLS
    assert_each_answered_once(slack, prompts)


async def test_a_stopped_riff_ends_its_answers_first(slack: SlackServer, process: RiffProcess) -> None:
    process.start()
    await slack.sockets.connected()
    said = slack.say("D1", "prompt", app_context={"entities": []})
    await slack.deliver_event(said)
    await slack.settled(lambda: any(method == "chat.startStream" for method, _ in slack.api.calls))
    assert await asyncio.to_thread(process.stop) == 0
    assert_each_answered_once(slack, {"prompt": said["ts"]})


async def test_a_post_whose_fate_is_unknown_is_looked_for(slack: SlackServer, start_riff: StartRiff) -> None:
    """The connection breaks after Slack took the message."""
    riff = await start_riff(ScriptedGenerator("Hello to you."))
    broken = False

    async def drop(method: str, _: dict[str, Any]) -> None:
        nonlocal broken
        if method == "chat.postMessage" and not broken:
            broken = True
            raise ConnectionResetError

    slack.api.after = drop
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await riff.idle()
    assert broken
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello to you."]


async def test_two_replicas_give_one_answer_to_each_event(slack: SlackServer, start_riff: StartRiff) -> None:
    first, second = await start_riff(EchoGenerator()), await start_riff(EchoGenerator())
    await slack.sockets.connected(2)
    prompts = {}
    for number in range(8):
        said = slack.say(f"C{number}", f"<@{BOT}> prompt {number}")
        prompts[f"prompt {number}"] = said["ts"]
        await asyncio.gather(*(slack.deliver_event(said) for _ in range(3)))
    await first.idle()
    await second.idle()
    assert_each_answered_once(slack, prompts)


@pytest.mark.parametrize("words", ["help", "privacy export", "admin show", "profile set tone playful"])
async def test_what_one_person_was_told_is_not_told_again_after_a_crash(
    slack: SlackServer, start_riff: StartRiff, words: str
) -> None:
    """Riff dies, or loses its database, after it answered and before it could note that down."""
    slack.api.admins.add("U1")
    riff = await start_riff()
    finish, attempts = riff.app.inbox.rows.finish, 0

    async def fails_once(owner: str, event: ClaimedEvent) -> bool:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise StorageError
        return await finish(owner, event)

    riff.app.inbox.rows.finish = fails_once  # type: ignore[method-assign]
    await slack.deliver("slash_commands", slack.command(words))
    await riff.idle()
    assert attempts == 2
    assert len(slack.workspace.ephemeral) == 1
    assert len(slack.workspace.uploads) == (words == "privacy export")
