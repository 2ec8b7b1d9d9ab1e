"""Whole messages through the pipeline: replies, repeats, refusals, failures, several at once."""

import asyncio

import pytest

from bot.core import notices
from bot.core.domain import Outcome
from genai.errors import Busy, GenerationFailed
from genai.request import FinishReason
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
ABUSE = "you are a fucking stupid bitch and a piece of shit"


async def test_brainstorm_is_shown_stored_and_counted(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("/brainstorm 2 refill shops"), channel)
    assert reply.outcome is Outcome.ANSWERED
    assert [idea.title for idea in reply.ideas] == ["Stamp Card", "Shelf Swap"]
    assert channel.visible.strip() == reply.text == IDEAS.strip()
    assert channel.finished == [reply]
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    kept = await app.repositories.ideas.recent_of_person(person, 5)
    assert {idea.title for idea in kept} == {"Stamp Card", "Shelf Swap"}
    decisions = [entry.decision.direction for entry in await app.repositories.audit.recent(10)]
    assert sorted(decisions) == ["prompt", "reply"]


async def test_missing_ideas_are_asked_for_again_and_repeats_dropped(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, "1. **stamp card**: Again.\n2. **Night Market**: Sell at dusk.\n")
    app = await make_app(generator)
    reply = await app.pipeline.handle(incoming("/brainstorm 3 refill shops"), RecordingChannel())
    assert [idea.title for idea in reply.ideas] == ["Stamp Card", "Shelf Swap", "Night Market"]
    assert [idea.position for idea in reply.ideas] == [1, 2, 3]
    assert "Do not repeat: Stamp Card; Shelf Swap" in generator.requests[1].turns[0].content


async def test_repeated_event_is_answered_once(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Hello there."))
    first, second = RecordingChannel(), RecordingChannel()
    await app.pipeline.handle(incoming("of lanterns", event="e1"), first)
    reply = await app.pipeline.handle(incoming("of lanterns", event="e1"), second)
    assert first.visible.strip() == "Hello there."
    assert (second.visible, second.notices, reply.outcome) == ("", [], None)


async def test_abusive_prompt_is_refused_by_rule_and_not_kept(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Hello.")
    app = await make_app(generator)
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(ABUSE), channel)
    assert reply.outcome is Outcome.REFUSED
    assert channel.notices == [notices.refused("toxicity")]
    assert generator.requests == []
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert "bitch" not in str(await app.repositories.privacy.export(person))


async def test_abusive_answer_is_never_shown(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(f"A calm start. {ABUSE}. And more."))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("tell me"), channel)
    assert reply.outcome is Outcome.WITHHELD
    assert not any("bitch" in shown for shown in channel.ever_shown)
    assert channel.visible == ""
    assert channel.notices in ([notices.BLOCKED_ANSWER], [notices.WITHDRAWN])


async def test_personal_data_is_redacted_in_shown_and_stored_text(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Write to someone.else@acme-lamps.com for details."))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("who? I am me.myself@acme-lamps.com"), channel)
    assert reply.text == "Write to <EMAIL> for details."
    assert not any("acme-lamps.com" in shown for shown in channel.ever_shown)
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert "acme-lamps.com" not in str(await app.repositories.privacy.export(person))


@pytest.mark.parametrize(
    ("trouble", "notice"),
    [(GenerationFailed(), notices.MODEL_AWAY), (Busy(12.2), notices.busy(12))],
)
async def test_trouble_becomes_one_sentence(
    make_app: MakeApp, trouble: Exception, notice: notices.Notice
) -> None:
    app = await make_app(ScriptedGenerator(trouble))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns"), channel)
    assert (reply.outcome, channel.notices, channel.visible) == (Outcome.FAILED, [notice], "")


async def test_unexpected_trouble_shows_a_reference_and_no_detail(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_: object) -> str:
        raise ZeroDivisionError("the inner secret")

    app = await make_app(ScriptedGenerator(explode))
    channel = RecordingChannel()
    await app.pipeline.handle(incoming("of lanterns"), channel)
    (notice,) = channel.notices
    assert "secret" not in notice.text
    assert notice.text.split()[-1].rstrip(".") in caplog.text


async def test_model_that_says_nothing_is_told(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("   \n"))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns"), channel)
    assert (reply.outcome, channel.notices) == (Outcome.FAILED, [notices.NOTHING])


async def test_slow_model_ends_with_a_sentence(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("slow words", seconds=30), limits={"reply_timeout_seconds": 0.3})
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns"), channel)
    assert (reply.outcome, channel.notices) == (Outcome.FAILED, [notices.TIMED_OUT])


async def test_cancelling_stops_the_model_and_is_noted(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("many words " * 50, seconds=0.01)
    app = await make_app(generator)
    task = asyncio.create_task(app.pipeline.handle(incoming("of lanterns"), RecordingChannel()))
    await generator.speaking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert generator.open_streams == 0
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert "cancelled" in str(await app.repositories.privacy.export(person))


async def test_three_at_once_in_a_thread_are_answered_in_order_with_history(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("First answer.", "Second answer.", "Third answer.")
    app = await make_app(generator)
    channels = [RecordingChannel() for _ in range(3)]
    tasks = []
    for number, channel in enumerate(channels):
        message = incoming(f"question {number}", event=f"e{number}")
        tasks.append(asyncio.create_task(app.pipeline.handle(message, channel)))
        async with asyncio.timeout(30):
            while not await app.repositories.conversations.find("test", f"e{number}"):  # noqa: ASYNC110 - in the database
                await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    assert [channel.visible.strip() for channel in channels] == [
        "First answer.",
        "Second answer.",
        "Third answer.",
    ]
    seen = [turn.content for turn in generator.requests[2].turns[1:]]
    assert seen == ["question 0", "First answer.", "question 1", "Second answer.", "question 2"]


async def test_profile_and_options_reach_the_model(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS)
    app = await make_app(generator)
    for text in (
        "/profile set tone formal",
        "/profile set interests chess, jazz",
        "/profile set avoid-words cheap",
    ):
        await app.pipeline.handle(incoming(text), RecordingChannel())
    await app.pipeline.handle(incoming("/brainstorm 2 refill shops --tone bold"), RecordingChannel())
    system = generator.requests[0].turns[0].content
    assert "Tone: bold" in system
    assert "Interests: chess, jazz" in system
    assert "Never use the words: cheap" in system


async def test_dont_words_are_never_shown(make_app: MakeApp) -> None:
    bad = "1. **Cheap Thrills**: Lower the price.\n2. **Shelf Swap**: Swap jars.\n"
    generator = ScriptedGenerator(bad, "1. **Night Market**: Sell at dusk.\n")
    app = await make_app(generator)
    channel = RecordingChannel()
    await app.pipeline.handle(incoming("/brainstorm 2 refill shops --avoid cheap"), channel)
    assert "cheap" not in channel.visible.lower()
    assert "Shelf Swap" in channel.visible
    assert "Night Market" in channel.visible


async def test_what_one_person_said_in_private_never_reaches_another(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Fine.")
    app = await make_app(generator)
    await app.pipeline.handle(incoming("my plan is called bluebird", user="u1"), RecordingChannel())
    await app.pipeline.handle(incoming("/profile set audience bluebird fans", user="u1"), RecordingChannel())
    await app.pipeline.handle(incoming("what plans are there?", user="u2"), RecordingChannel())
    assert "bluebird" not in str(generator.requests[-1])


@pytest.mark.parametrize(("finish", "is_whole"), [("unknown", True), ("length", False)])
async def test_what_ends_for_no_named_reason_is_whole_and_what_is_cut_is_not(
    make_app: MakeApp, finish: FinishReason, is_whole: bool
) -> None:
    form = "Headline: Sit down\nBody: A stool. It folds.\nCall to action: Try one today"
    ad = await make_app(ScriptedGenerator(form, finish=finish))
    reply = await ad.pipeline.handle(incoming("/ad a stool"), RecordingChannel())
    assert ("Try one today" in reply.text) is is_whole
    ideas = await make_app(ScriptedGenerator(IDEAS.strip(), finish=finish))
    reply = await ideas.pipeline.handle(incoming("/brainstorm 2 refill shops"), RecordingChannel())
    assert [idea.title for idea in reply.ideas] == (
        ["Stamp Card", "Shelf Swap"] if is_whole else ["Stamp Card"]
    )
