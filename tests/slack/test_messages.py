"""Mentions, threads and direct messages over Socket Mode: answered once, where they belong, gated."""

import asyncio

import pytest

from genai.errors import Busy, GenerationFailed
from tests.slack.conftest import StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.light import FORBIDDEN
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import buttons

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
ABUSE = f"this is a {FORBIDDEN} here"


async def test_a_mention_is_answered_in_its_thread_as_cards(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(IDEAS))
    said = slack.say("C1", f"<@{BOT}> /brainstorm 2 refill shops")
    await slack.deliver_event(said)
    await riff.idle()
    (answer,) = slack.workspace.by_riff("C1")
    assert answer.thread_ts == said["ts"]
    assert not answer.streaming
    assert "*1. Stamp Card*" in answer.shown
    assert "Swap jars by the door." in answer.shown
    assert answer.text == "2 ideas: Stamp Card; Shelf Swap"
    assert list(buttons(answer)) == [
        "Like", "Not for me", "More like this", "Save", "Start a thread", "Pick favourites…", "Shuffle", "More"
    ]  # fmt: skip
    assert not any(method == "chat.startStream" for method, _ in slack.api.calls)
    assert next(status for *_, status in slack.workspace.statuses) == "is thinking…"


async def test_message_and_app_mention_and_retries_are_one_answer(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("One answer.")
    riff = await start_riff(generator)
    said = slack.say("C1", f"<@{BOT}> of lanterns")
    deliveries = [
        slack.deliver_event(said),
        slack.deliver_event(slack.mention(said)),
        slack.deliver_event(said),
    ]
    await asyncio.gather(*deliveries)
    await riff.idle()
    await slack.deliver_event(said, retry="http_timeout")
    await riff.idle()
    assert [message.shown for message in slack.workspace.by_riff()] == ["One answer."]
    assert len(generator.requests) == 1


async def test_a_thread_goes_on_without_a_mention_and_remembers(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("First answer.", "Second answer.")
    riff = await start_riff(generator)
    said = slack.say("C1", f"<@{BOT}> of lanterns")
    await slack.deliver_event(said)
    await slack.deliver_event(slack.say("C1", "and then?", thread=said["ts"], user="U2"))
    await slack.deliver_event(slack.say("C1", "<@U3> what do you think?", thread=said["ts"]))
    await slack.deliver_event(slack.say("C1", "not for Riff"))
    await slack.deliver_event(slack.say("C1", "nor this", thread=slack.say("C1", "another thread")["ts"]))
    await riff.idle()
    assert [message.shown for message in slack.workspace.by_riff()] == ["First answer.", "Second answer."]
    assert [turn.content for turn in generator.requests[1].turns[1:]] == [
        "of lanterns",
        "First answer.",
        "and then?",
    ]


async def test_a_direct_message_is_answered_in_place(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator("Hello to you."))
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await riff.idle()
    (answer,) = slack.workspace.by_riff("D1")
    assert (answer.shown, answer.thread_ts) == ("Hello to you.", "")


async def test_own_and_other_bots_edits_and_joins_cost_nothing(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    base = slack.say("D1", "of lanterns")
    for change in (
        {"bot_id": "B9"},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"subtype": "message_deleted"},
        {"user": BOT},
        {"hidden": True},
    ):
        await slack.deliver_event({**base, **change})
    await slack.deliver_event({"type": "member_left_channel", "user": "U1", "channel": "C1"})
    assert await riff.app.inbox.rows.unfinished("slack") == 0
    assert slack.workspace.by_riff() == []


async def test_a_refusal_is_told_to_its_person_only(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> {ABUSE}", user="U7"))
    await riff.idle()
    (told,) = slack.workspace.ephemeral
    assert (told.ephemeral_for, "not allowed" in told.shown) == ("U7", True)
    assert slack.workspace.by_riff() == []


async def test_troubles_are_one_sentence(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator(GenerationFailed(), Busy(9)))
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await slack.deliver_event(slack.say("D1", "of lanterns?"))
    await riff.idle()
    first, second = [message.shown for message in slack.workspace.by_riff("D1")]
    assert "not available" in first
    assert "9 s" in second


async def test_unmoderated_text_never_shows_and_a_withdrawn_answer_goes(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator(f"A calm start. It goes on. {ABUSE}. The end.", seconds=0.02))
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> of lanterns"))
    await riff.idle()
    assert not any(FORBIDDEN in text for one in slack.workspace.messages.values() for text in one.history[1:])
    assert "A calm start" not in "".join(message.shown for message in slack.workspace.by_riff())


async def test_generated_mentions_and_disguised_links_are_inert(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    text = "Ask <@U1> or <!channel> or @here. See [the site](https://example.org/a)."
    riff = await start_riff(ScriptedGenerator(text))
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await riff.idle()
    (answer,) = slack.workspace.by_riff()
    for live in ("<@U1>", "<!channel>", "@here", "](http"):
        assert live not in answer.shown + answer.text
    assert "the site (https://example.org/a)" in answer.shown


async def test_attached_text_joins_the_prompt(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("Read.")
    riff = await start_riff(generator)
    slack.workspace.files["F1"] = b"the notes of the meeting"
    file = {"id": "F1", "name": "notes.txt", "mimetype": "text/plain", "size": 24}
    file |= {"url_private_download": slack.url.replace("/api/", "/files/F1")}
    await slack.deliver_event(slack.say("D1", "sum up", subtype="file_share", files=[file]))
    await riff.idle()
    assert generator.requests[0].turns[-1].content == "sum up\n\nAttached file:\nthe notes of the meeting"
    voice = {"id": "F2", "name": "clip.m4a", "mimetype": "audio/mp4", "size": 24}
    elsewhere = {**file, "url_private_download": "https://elsewhere.example/F1"}
    for attached, told in ((voice, "recordings"), (elsewhere, "can't fetch")):
        await slack.deliver_event(slack.say("D1", "and this", subtype="file_share", files=[attached]))
        await riff.idle()
        assert told in slack.workspace.by_riff("D1")[-1].shown
    assert len(generator.requests) == 1


async def test_an_event_that_waited_too_long_is_apologised_for(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    slow = ScriptedGenerator("A slow answer in many pieces.", seconds=0.2)
    riff = await start_riff(slow, inbox={"max_age_minutes": 0.005, "workers": 1})
    await slack.deliver_event(slack.say("D1", "of lanterns"))
    await slack.deliver_event(slack.say("D2", "of lanterns", user="U2"))
    await riff.idle()
    told = [one.shown for one in slack.workspace.by_riff("D2")]
    assert sum("could not answer this in time" in one for one in told) == 1
    assert not any("A slow answer" in one for one in told)


async def test_enterprise_and_shared_channels(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("Hello to you.")
    riff = await start_riff(generator)
    said = slack.say("C1", f"<@{BOT}> of lanterns", user="W1", user_team="E2", team="T9")
    grid = {"enterprise_id": "E1", "is_ext_shared_channel": True}
    await slack.deliver_event(said, **grid)
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello to you."]


async def test_who_has_to_wait_is_told_how_long_the_line_is(
    slack: SlackServer, start_riff: StartRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.handling.modal_opener._LINE_SECONDS", 0.2)
    slow = ScriptedGenerator("A slow answer in many pieces.", seconds=0.1)
    riff = await start_riff(slow, inbox={"workers": 1})
    for number in range(3):
        await slack.deliver_event(slack.say(f"C{number}", f"<@{BOT}> of lanterns", user=f"U{number}"))
    await riff.idle()
    told = {one.ephemeral_for: one.shown for one in slack.workspace.ephemeral}
    assert "about 2 prompts are before yours" in told["U2"]
    assert len(slack.workspace.by_riff()) == 3
