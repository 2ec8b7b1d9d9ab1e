"""What one person alone was shown, in a channel that people share, is nothing to the others of the channel."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.buttons import Action, ActionKind
from bot.core.domain import Account, Place, Reply
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from storage.values.personal import StoredSummary
from storage.values.records import Scope
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
PLACE = Place("test", "w1", "general")
CHANNEL = Scope("test", "w1", "general")


async def ask(
    app: App, text: str, user: str = "u1", *, alone: bool = False
) -> tuple[Reply, RecordingChannel]:
    """Somebody asks in the channel, outside of any thread, as with a slash command; `alone` they see the answer."""
    channel = RecordingChannel()
    channel.is_for_author_only = alone
    asked = replace(incoming(text, user=user), place=PLACE)
    return await app.pipeline.handle(asked, channel), channel


def told(channel: RecordingChannel) -> str:
    return " ".join(notice.text for notice in channel.notices)


async def test_ideas_that_one_person_was_shown_have_no_number_for_others(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await ask(app, "/brainstorm 2 the secret product", alone=True)
    for command in ("/like 1", "/save 2", "/improve 1"):
        _reply, channel = await ask(app, command, "u2")
        assert "no list of ideas here" in told(channel), command
    _reply, channel = await ask(app, "/like 1", alone=True)
    assert "Noted that you like it" in told(channel)


async def test_the_last_list_of_all_is_the_last_that_the_person_was_shown(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS, "1. **Secret**: Of one person.\n"))
    await ask(app, "/brainstorm 2 refills")
    await ask(app, "/brainstorm 1 the secret product", alone=True)
    for user, title in (("u2", "Stamp Card"), ("u1", "Secret")):
        await ask(app, "/save 1", user)
        person = await app.repositories.people.find_or_create(Account("test", "w1", user))
        assert [idea.title for idea in await app.repositories.ideas.saved(person, 9)] == [title]


async def test_the_list_before_is_never_one_that_somebody_else_alone_was_shown(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, "Well.", "1. **Third**: Another of these.\n")
    app = await make_app(generator)
    await ask(app, "/brainstorm 2 the secret product", alone=True)
    _reply, channel = await ask(app, "/recall --others", "u2")
    assert "About what?" in told(channel)
    await ask(app, "more of these please", "u2")
    assert "Stamp Card" not in str(generator.requests[-1].turns)
    assert "secret product" not in str(generator.requests[-1].turns)
    await ask(app, "more of these please", alone=True)
    assert "Stamp Card" in str(generator.requests[-1].turns)


async def test_ideas_that_one_person_was_shown_are_out_of_reach_for_others(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    reply, _channel = await ask(app, "/brainstorm 2 the secret product", alone=True)
    like = Action(ActionKind.LIKE, str(reply.ideas[0].id))
    shuffle = Action(ActionKind.SHUFFLE, str(reply.message_id))
    for action in (like, replace(like, kind=ActionKind.MORE), shuffle):
        with pytest.raises(CommandError, match="erased"):
            await Actions(app.repositories).perform(action, Account("test", "w1", "u2"), PLACE)
    assert isinstance(
        await Actions(app.repositories).perform(like, Account("test", "w1", "u1"), PLACE), Notice
    )


async def test_what_somebody_likes_of_what_they_alone_were_shown_is_told_to_nobody(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    await ask(app, "/brainstorm 2 the secret product", alone=True)
    await ask(app, "/like 1", alone=True)
    person, other = [
        await app.repositories.people.find_or_create(Account("test", "w1", user)) for user in ("u1", "u2")
    ]
    assert await app.repositories.opinions.of_others(other, CHANNEL, 9) == ()
    (own,) = await app.repositories.opinions.of_person(person, 9)
    assert own.is_private
    assert await app.repositories.ideas.recent_in_channel(PLACE, 9) == ()


async def test_where_all_read_nobody_is_reminded_of_what_they_alone_were_shown(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS, "1. **Other**: Something else.\n", "Well.")
    app = await make_app(generator)
    await ask(app, "/brainstorm 2 the secret product", alone=True)
    for command in ("/like 1", "/save 1"):
        await ask(app, command, alone=True)
    await ask(app, "/recommend 2 refills with a stamp card")
    await ask(app, "what do you think of a stamp card?")
    for request in generator.requests[1:]:
        assert "Give a stamp" not in str(request.turns)
        assert "Stamp Card" not in str(request.turns)
    _reply, channel = await ask(app, "/recall stamp card", alone=True)
    assert "Stamp Card" in channel.visible


async def test_what_was_said_to_one_person_comes_back_to_that_person_alone(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("The launch is secret.", "Well.")
    app = await make_app(generator)
    await ask(app, "when is the launch of the jar?", alone=True)
    await ask(app, "what is the launch?", "u2", alone=True)
    await ask(app, "what is the launch?", "u2")
    await ask(app, "what is the launch?")
    for request in generator.requests[1:]:
        assert "launch is secret" not in str(request.turns)
        assert "of the jar" not in str(request.turns)
    await ask(app, "and where?", alone=True)
    assert "launch is secret" in str(generator.requests[-1].turns)
    assert "of the jar" in str(generator.requests[-1].turns)


async def test_what_is_shared_is_everybodys(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    reply, _channel = await ask(app, "/brainstorm 2 the product", alone=True)
    assert reply.message_id is not None
    await app.repositories.conversations.share(reply.message_id)
    _reply, channel = await ask(app, "/like 1", "u2")
    assert "Noted that you like it" in told(channel)


@pytest.mark.parametrize("direct", [True, False])
async def test_what_was_said_in_short_in_a_channel_is_not_told_to_who_asked_there_once(
    make_app: MakeApp, direct: bool
) -> None:
    app = await make_app(ScriptedGenerator("Well."))
    place = Place("test", "w1", "dm-u1" if direct else "general", "t1", direct)
    reply = await app.pipeline.handle(replace(incoming("of lanterns"), place=place), RecordingChannel())
    assert reply.message_id is not None
    answer = await app.repositories.conversations.message(reply.message_id)
    assert answer is not None
    summary = StoredSummary(answer.id, "The launch is in May.")
    assert await app.repositories.threads.summarise(answer.conversation_id, summary, of=[answer.id])
    channel = RecordingChannel()
    await app.pipeline.handle(incoming("/profile show"), channel)
    assert "Thread, your messages: " in channel.visible
    assert ("launch is in May" in channel.visible) == direct
