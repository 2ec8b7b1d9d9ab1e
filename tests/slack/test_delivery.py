"""How an answer comes to Slack: streams that end early, refused streams, rate limits, long answers, lost sockets."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from adapters.slack.rendering import sending
from tests.slack.conftest import StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.light import EchoGenerator
from tests.support.slack_server import BOT, SlackServer

SENTENCES = [f"This is sentence number {number} of the answer." for number in range(30)]
EACH = 50
"""Events of each of 20 channels."""
LONG = "\n\n".join(SENTENCES)


def words(text: str) -> list[str]:
    return text.split()


async def ask(slack: SlackServer, text: str = "of lanterns", channel: str = "C1") -> dict[str, Any]:
    said = slack.say(channel, f"<@{BOT}> {text}")
    await slack.deliver_event(said)
    return said


async def ask_agent(slack: SlackServer) -> None:
    """In the Messages tab of an agent, where answers are streamed."""
    slack.api.is_agent = True
    await slack.deliver_event(slack.say("D1", "of lanterns", app_context={"entities": []}))


def shown(slack: SlackServer, channel: str = "C1") -> list[str]:
    return [one.shown for one in slack.workspace.by_riff(channel)]


def used(slack: SlackServer) -> Counter[str]:
    return Counter(method for method, _ in slack.api.calls)


@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "msg_too_long", "internal_error"])
async def test_a_stream_that_ends_early_goes_on_by_edits(
    slack: SlackServer, start_riff: StartRiff, error: str
) -> None:
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.002, size=20))
    slack.api.failures["chat.appendStream"] = []

    async def fail_third(method: str, _: dict[str, Any]) -> None:
        if method == "chat.startStream":
            slack.api.failures["chat.appendStream"] += [(error, 0)]

    slack.api.after = fail_third
    await ask_agent(slack)
    await riff.idle()
    assert [words(one) for one in shown(slack, "D1")] == [words(LONG)]
    assert used(slack)["chat.update"] >= 2


async def test_a_stream_is_left_before_slack_closes_it(
    slack: SlackServer, start_riff: StartRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "STREAM_SECONDS", 0.2)
    slack.api.stream_seconds = 0.3
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.02, size=40))
    await ask_agent(slack)
    await riff.idle()
    assert [words(one) for one in shown(slack, "D1")] == [words(LONG)]


@pytest.mark.parametrize("channel", ["C1", "D1"])
async def test_in_channels_and_where_slack_does_not_stream_the_answer_is_edited(
    slack: SlackServer, start_riff: StartRiff, channel: str
) -> None:
    slack.api.refuse_streams_in.add("D1")
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.002, size=20))
    await (ask_agent(slack) if channel == "D1" else ask(slack))
    await riff.idle()
    assert used(slack)["chat.startStream"] == (channel == "D1")
    (answer,) = slack.workspace.by_riff()
    assert words(answer.shown) == words(LONG)
    assert len(answer.history) > 2
    for earlier in answer.history:
        assert words(LONG)[: len(words(earlier))] == words(earlier)


async def test_every_text_ever_shown_is_a_beginning_of_the_answer(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.002, size=20))
    await ask(slack)
    await riff.idle()
    (answer,) = slack.workspace.by_riff()
    for earlier in answer.history:
        assert words(LONG)[: len(words(earlier))] == words(earlier)


async def test_a_long_answer_is_split_and_nothing_is_cut(slack: SlackServer, start_riff: StartRiff) -> None:
    code = "```python\n" + "\n".join(f"line_{number} = {number}" for number in range(900)) + "\n```"
    text = "\n\n".join([LONG * 4, code, LONG * 3])
    riff = await start_riff(ScriptedGenerator(text, size=2000))
    await ask(slack)
    await riff.idle()
    answers = shown(slack)
    assert len(answers) > 1
    assert all(answer.count("```") % 2 == 0 for answer in answers)
    told = [word for answer in answers for word in words(answer) if not word.startswith("```")]
    assert told == [word for word in words(text) if not word.startswith("```")]


async def test_retry_after_is_honoured_for_each_method(slack: SlackServer, start_riff: StartRiff) -> None:
    slack.api.failures["chat.startStream"] = [("ratelimited", 1)]
    slack.api.failures["chat.update"] = [("ratelimited", 1)]
    moments: list[tuple[str, float]] = []
    riff = await start_riff(ScriptedGenerator("Hello to you."))
    clock = asyncio.get_running_loop().time

    async def note(method: str, _: dict[str, Any]) -> None:
        moments.append((method, clock()))

    slack.api.before = note
    started = clock()
    await ask_agent(slack)
    await riff.idle()
    assert shown(slack, "D1") == ["Hello to you."]
    first = next(moment for method, moment in moments if method == "chat.startStream")
    assert first - started >= 1.0


async def test_a_storm_in_one_channel_is_answered_in_order_without_a_429_storm(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(EchoGenerator(), slack={"message_interval_seconds": 0.05})
    slack.api.message_seconds = 0.04
    root = await ask(slack, "prompt 0")
    for number in range(1, 40):
        await slack.deliver_event(slack.say("C1", f"<@{BOT}> prompt {number}", thread=root["ts"]))
    await riff.idle()
    expected = [
        f"Answer to prompt {number}. It has a middle part. The end of prompt {number}."
        for number in range(40)
    ]
    assert shown(slack) == expected
    assert slack.api.rate_limited <= 2


async def test_sockets_are_replaced_on_refresh_and_after_a_loss(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(EchoGenerator(), slack={"connections": 2})
    await slack.sockets.connected(2)
    for number in range(12):
        if number % 4 == 1:
            await slack.sockets.refresh()
        if number % 4 == 3:
            await slack.sockets.drop()
        await ask(slack, f"prompt {number}", f"C{number}")
    await riff.idle()
    for number in range(12):
        assert len(shown(slack, f"C{number}")) == 1
    assert slack.sockets.opened > 2


async def test_left_channels_and_deleted_messages_end_quietly(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.005, size=40))
    slack.workspace.members = {"C1"}
    await ask(slack, channel="C9")
    said = await ask(slack)
    await slack.settled(lambda: slack.workspace.by_riff("C1"))
    for message in slack.workspace.in_thread("C1", said["ts"]):
        message.deleted = True
    await riff.idle()
    assert not riff.task.done()
    assert shown(slack, "C9") == []


@pytest.mark.timeout(600)
async def test_a_thousand_events_none_lost_none_twice_in_order(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    """From 100 people in 20 channels, with duplicates and reconnects."""
    riff = await start_riff(EchoGenerator(), slack={"message_interval_seconds": 0.0, "connections": 3})
    await slack.sockets.connected(3)
    slack.sockets.retry_seconds = 15.0
    roots = {f"C{number}": "" for number in range(20)}
    order: dict[str, list[str]] = {channel: [] for channel in roots}

    async def talk(channel: str) -> None:
        for number in range(EACH):
            user = f"U{(int(channel[1:]) * EACH + number) % 100 + 1}"
            said = slack.say(channel, f"<@{BOT}> {channel} {number}", user=user, thread=roots[channel])
            roots[channel] = roots[channel] or said["ts"]
            order[channel].append(f"{channel} {number}")
            deliveries = [slack.deliver_event(said)]
            if number % 5 == 0:
                deliveries += [slack.deliver_event(slack.mention(said)), slack.deliver_event(said)]
            if number % 10 == 9 and channel == "C7":
                await slack.sockets.drop()
            await asyncio.gather(*deliveries)

    await asyncio.gather(*(talk(channel) for channel in roots))
    await slack.settled(lambda: len(slack.workspace.by_riff()) >= 20 * EACH, 300)
    await riff.idle()
    for channel, prompts in order.items():
        expected = [f"Answer to {one}. It has a middle part. The end of {one}." for one in prompts]
        assert shown(slack, channel) == expected
    assert len(slack.workspace.by_riff()) == 20 * EACH
