"""What is meant is read once: the question is kept with its command, and what is private stays so by that."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.commands import parsing
from bot.core.domain import Incoming, Invocation
from bot.interactions import resolver
from bot.personalization.profile import told_to_all
from storage.values.records import StoredMessage
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming


async def kept(app: App, message: Incoming) -> StoredMessage:
    await app.pipeline.handle(message, RecordingChannel())
    found = await app.repositories.conversations.find(message.author.platform, message.event_id)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("text", "command", "verb"),
    [
        ("of lanterns here", "", ""),
        ("/brainstorm 2 tea", "brainstorm", ""),
        ("/voice", "voice", "show"),
        ("/profile set tone bold", "profile", "set"),
        ("/profile set shoe-size 44", "profile", ""),
        ("/session vote 1", "session", "vote"),
        ("/xyzzy", "", ""),
    ],
)
async def test_a_question_is_kept_with_its_command_and_verb(
    make_app: MakeApp, text: str, command: str, verb: str
) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    question = await kept(app, incoming(text))
    assert (question.command, question.verb, question.content) == (command, verb, text)


async def test_a_template_is_kept_as_a_verb_of_use(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    toml = 'name = "pitch"\nsummary = "a pitch"\nprompt = "{product}"\n[[fields]]\nname = "product"\n'
    await kept(app, replace(incoming(f"/template add\n{toml}"), by_admin=True))
    question = await kept(app, incoming("/pitch tea"))
    assert (question.command, question.verb) == ("use", "pitch")


async def test_values_are_not_parsed_again(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = ScriptedGenerator("1. **A**: Sell tea at noon.\n")
    app = await make_app(generator)
    monkeypatch.setattr(resolver, "parse", None)
    monkeypatch.setattr(resolver, "typed_command", None)
    monkeypatch.setattr(parsing, "_positional", None)
    asked = Invocation("brainstorm", "", {"topic": "tea", "count": 1})
    question = await kept(app, replace(incoming("/brainstorm tea as a form says it"), request=asked))
    assert generator.requests[0].turns[-1].content == "Brainstorm 1 idea about tea."
    assert question.command == "brainstorm"


async def test_an_answer_for_its_author_only_is_known_by_the_command_that_is_kept(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    for text in ("of lanterns", "/profile set role heron keeper", "/profile show"):
        await kept(app, incoming(text))
    last = await kept(app, incoming("and now?"))
    history = await app.repositories.conversations.history(last.id, 10)
    assert [message.command for message in history if message.role == "user"] == ["", "profile", "profile"]
    assert [message.content for message in told_to_all(history)] == ["of lanterns", "Fine."]
    renamed = tuple(replace(message, content="what I typed") for message in history)
    assert len(told_to_all(renamed)) == 2


async def test_what_values_say_beyond_the_text_passes_moderation_too(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Fine.")
    app = await make_app(generator)
    asked = Invocation("brainstorm", "", {"topic": "you fucking stupid bitch"})
    channel = RecordingChannel()
    await app.pipeline.handle(replace(incoming("/brainstorm tea"), request=asked), channel)
    assert generator.requests == []
    assert "won't work on" in channel.notices[0].text


async def test_a_value_that_no_longer_fits_is_explained(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    channel = RecordingChannel()
    asked = Invocation("brainstorm", "", {"topic": "tea", "colour": "red"})
    await app.pipeline.handle(replace(incoming("/brainstorm tea"), request=asked), channel)
    assert "not one of this command's" in channel.notices[0].text
