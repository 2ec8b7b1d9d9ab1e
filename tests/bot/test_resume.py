"""An event whose handling died is taken up where it was: asked anew, shown again, or left as it ended."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.domain import Outcome
from genai.errors import GenerationFailed
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"


async def test_what_died_before_its_answer_is_asked_anew(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Many words here. " * 20, "The answer.", seconds=0.01)
    app = await make_app(generator)
    task = asyncio.create_task(app.pipeline.handle(incoming("of lanterns", event="e1"), RecordingChannel()))
    await generator.speaking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns", event="e1"), channel, resume=True)
    assert (reply.outcome, channel.visible.strip()) == (Outcome.ANSWERED, "The answer.")


async def test_a_stored_answer_is_shown_again_and_not_asked_again(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS)
    app = await make_app(generator)
    first = await app.pipeline.handle(incoming("/brainstorm 2 tea", event="e1"), RecordingChannel())
    channel = RecordingChannel()
    again = await app.pipeline.handle(incoming("/brainstorm 2 tea", event="e1"), channel, resume=True)
    assert len(generator.requests) == 1
    assert channel.visible == first.text
    assert again.message_id == first.message_id
    assert again.ideas == tuple(replace(idea, why=None) for idea in first.ideas)
    assert all(idea.id for idea in first.ideas)
    assert channel.finished == [again]


async def test_an_event_that_ended_in_a_notice_is_left_alone(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(GenerationFailed(), "Too late."))
    await app.pipeline.handle(incoming("of lanterns", event="e1"), RecordingChannel())
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns", event="e1"), channel, resume=True)
    assert (reply.outcome, channel.visible, channel.notices) == (Outcome.FAILED, "", [])


async def test_resuming_an_event_that_was_never_begun_answers_it(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Hello."))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("of lanterns", event="e1"), channel, resume=True)
    assert (reply.outcome, channel.visible.strip()) == (Outcome.ANSWERED, "Hello.")


@pytest.mark.parametrize(
    ("text", "private"), [("/link show", True), ("/profile", None), ("of lanterns", False)]
)
async def test_what_is_for_one_person_is_marked_so(
    make_app: MakeApp, text: str, private: bool | None
) -> None:
    app = await make_app(ScriptedGenerator("Hello."))
    channel = RecordingChannel()
    await app.pipeline.handle(incoming(text, event="e1"), channel)
    shown_again = RecordingChannel()
    await app.pipeline.handle(incoming(text, event="e1"), shown_again, resume=True)
    assert private is None or channel.private is private
    assert shown_again.private == channel.private
