"""Riff introduces itself once in each place, and to whoever asks what it can do."""

from dataclasses import replace

import pytest

from bot.core.buttons import ActionKind, opening_buttons
from bot.core.domain import Place
from bot.core.forms import Form
from bot.core.notices import Notice
from bot.interactions.first_contact import is_small_talk
from bot.interactions.form_answers import opened
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

CHANNEL = Place("slack", "w1", "c1", "t1")


async def test_a_greeting_is_answered_once_in_a_place_and_a_question_each_time(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Chat."))
    channel = RecordingChannel()

    async def say(text: str, place: Place, *, mentioned: bool = True) -> None:
        said = replace(incoming(text, user="u1"), place=place, mentioned=mentioned)
        await app.pipeline.handle(said, channel)

    await say("hi everyone", CHANNEL, mentioned=False)  # people greet each other
    assert not channel.panels
    await say("Hello, Riff!", CHANNEL)
    (panel,) = channel.panels
    assert panel.heading.text.count("\n") == 2
    assert not panel.heading.private
    assert [button.label for button in panel.buttons] == [
        "Ideas", "Names", "Copy", "Ad", "Team session", "My profile",
    ]  # fmt: skip
    assert {button.action.kind for button in panel.buttons} == {ActionKind.OPEN}
    await say("hello", replace(CHANNEL, thread="t2"))
    assert len(channel.panels) == 1
    await say("What can you do?", CHANNEL)
    await say("你能做什么？", CHANNEL)
    assert len(channel.panels) == 3
    await say("你好", Place("slack", "w1", "dm", direct=True), mentioned=False)
    assert len(channel.panels) == 4


async def nobody() -> bool:
    return False


async def test_each_beginning_opens_its_form_or_says_what_to_type(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Chat."))
    author, limits = incoming("x").author, app.settings.limits
    for name in (button.action.target for button in opening_buttons()):
        found = await opened(name, author, CHANNEL, app.repositories, limits, is_admin=nobody)
        if isinstance(found, Form):
            assert found.name in {f"{name}/", "profile/edit", "session/start"}
            assert found.fields
        else:
            assert isinstance(found, Notice)
            assert f"/{name}" in found.text


@pytest.mark.parametrize("text", ["hello all", "Thanks!", "👍", "good morning", "谢谢", "你好！"])
def test_small_talk_asks_for_nothing(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize("text", ["a shelf for shared umbrellas", "ideas for tea", "给咖啡杯起名字"])
def test_requests_are_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)
