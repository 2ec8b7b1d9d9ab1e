"""Commands as people type them."""

import pytest

from bot.core.commands import all_commands, command_named, parse, typed_command
from bot.core.domain import Outcome
from bot.core.errors import CommandError
from genai.request import GenerationRequest
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

BODIES = ("Sell stamps at noon.", "Lend jars to neighbours.", "Paint the back door blue.", "Film a kettle.")
IDEAS = "".join(f"{number}. **Title {number}**: {body}\n" for number, body in enumerate(BODIES * 3, start=1))


LABELLED = {
    "Problem": "Problem: Tea gets cold.\nUsers: Tea drinkers.\nConcept: A lid.\nFeatures: A lid and a clock.",
    "Strength": "Strength: It is free.\nRisk: It is lost.\nTest: Lend one for a week.",
    "the better idea": "**Warm Tea**: Put a lid on it.\nWhat changed: It stays warm.",
    "the combined idea": "**Tea and Chess**: Play until the pot is empty.",
}


def in_form(request: GenerationRequest) -> str:
    """What a model answers in the form that the instruction names; a list where it names none of these."""
    instruction = request.turns[0].content
    return next((text for form, text in LABELLED.items() if form in instruction), IDEAS)


def test_the_commands_of_the_console_are_there() -> None:
    assert {"brainstorm", "copy", "ad", "design", "recommend", "profile", "forget", "help"} <= set(
        all_commands()
    )


@pytest.mark.parametrize(
    "text", ["of lanterns", "and/or", "//", "/ brainstorm", "1/2 cup", "/usr/bin is a folder"]
)
def test_ordinary_text_is_no_command(text: str) -> None:
    assert typed_command(text) is None


def test_options_are_read_wherever_they_stand() -> None:
    typed = typed_command('/brainstorm --tone=playful 3 tea shops --audience "night owls" --count 4')
    assert typed is not None
    asked = parse(command_named(typed.name), typed.rest)
    assert (asked.command, asked.text("topic")) == ("brainstorm", "3 tea shops")
    options = {name: value for name, value in asked.values.items() if name != "topic"}
    assert options == {"tone": "playful", "audience": "night owls", "count": 4}


@pytest.mark.parametrize(
    ("typed", "topic", "tone"),
    [
        ("tea —tone bold", "tea", "bold"),
        ("tea — for dogs", "tea — for dogs", ""),
        ("cheese —wine pairings", "cheese —wine pairings", ""),
        ('"tea --tone bold"', "tea --tone bold", ""),
        ('tea "for two" --tone bold', 'tea "for two"', "bold"),
        ('12" frames --tone bold', '12" frames', "bold"),
    ],
)
def test_a_dash_is_an_option_only_where_it_names_one(typed: str, topic: str, tone: str) -> None:
    asked = parse(command_named("brainstorm"), typed)
    assert (asked.text("topic"), asked.text("tone")) == (topic, tone)


@pytest.mark.parametrize(
    ("name", "typed", "hint"),
    [
        ("voice", "shwo", "Did you mean /voice show"),
        ("voice", "dance", "Usage: /voice show"),
        ("session", "pause now", "Usage: /session pause"),
        ("forget", "me", "Usage: /forget conversation | everything"),
        ("usage", "today", "Usage: /usage"),
        ("use", "--words", "needs a value"),
    ],
)
def test_words_that_nothing_takes_are_answered_with_the_usage(name: str, typed: str, hint: str) -> None:
    with pytest.raises(CommandError) as caught:
        parse(command_named(name), typed)
    assert hint in caught.value.say


def test_a_typing_error_gets_the_nearest_command() -> None:
    with pytest.raises(CommandError, match="/brainstorm"):
        command_named("brianstorm")


async def answer(app_maker: MakeApp, text: str) -> tuple[RecordingChannel, ScriptedGenerator]:
    generator = ScriptedGenerator(in_form)
    app = await app_maker(generator)
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming(text), channel)
    assert reply.outcome is Outcome.ANSWERED
    return channel, generator


@pytest.mark.parametrize(
    ("text", "request_text"),
    [
        ("/brainstorm 3 tea shops", "Brainstorm 3 ideas about tea shops."),
        ("/brainstorm 4 ideas for tea shops", "Brainstorm 4 ideas about tea shops."),
        ("/brainstorm tea shops?", "Brainstorm 5 ideas about tea shops."),
        ("/slogan a tea shop --count 2", "Write 2 slogans for a tea shop."),
        ("/recommend tea", "Recommend 3 things about tea."),
        ("/copy a tea shop", "Write brand copy for a tea shop."),
        ("/ad a tea shop", "Write an ad for a tea shop."),
        ("/design a tea pot", "Write a product design brief for a tea pot."),
        ("/name 2 a tea shop", "Suggest 2 names for a tea shop."),
        ("/improve a tea stamp card", "Improve this idea: a tea stamp card"),
        ("/combine tea and chess", "Combine these ideas into one: tea and chess"),
        ("/critique free tea", "Critique this idea: free tea"),
    ],
)
async def test_creative_commands_ask_the_model(make_app: MakeApp, text: str, request_text: str) -> None:
    _, generator = await answer(make_app, text)
    assert generator.requests[0].turns[-1].content == request_text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("/brainstorm", "What about?"),
        ("/brainstorm 0 tea", "1 to 12"),
        ("/brainstorm 99 tea", "1 to 12"),
        ("/brainstorm tea --count many", "whole number"),
        ("/brainstorm tea --tone sleepy", "plain, playful, formal, bold"),
        ("/brainstorm tea --tonne bold", "--tone"),
        ("/copy tea --technique SCAMPER", "option"),
        ("/profile paint it black", "Usage"),
        ("/profile set tone sleepy", "plain, playful, formal, bold"),
        ("/profile set shoe-size 44", "The fields are"),
        ("/help nonsense", "no such command"),
        ("/xyzzy", "/help"),
    ],
)
async def test_a_command_that_cannot_be_understood_says_how(make_app: MakeApp, text: str, hint: str) -> None:
    channel, generator = await answer(make_app, text)
    assert hint in channel.notices[0].text
    assert generator.requests == []


async def test_help_lists_every_command_and_explains_one(make_app: MakeApp) -> None:
    channel, _ = await answer(make_app, "/help")
    (page,) = channel.panels
    assert "/brainstorm: ideas about a topic" in page.heading.text
    assert "/help all" in page.heading.text
    channel, _ = await answer(make_app, "/help all")
    listed = "\n".join(notice.text for notice in channel.notices)
    for name in all_commands():
        assert f"/{name}:" in listed
    channel, _ = await answer(make_app, "/help ad")
    assert "--characters" in channel.notices[0].text


async def test_profile_is_set_shown_and_cleared(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("x"))
    for text in (
        "/profile set tone Playful",
        "/profile set interests chess, jazz",
        "/profile clear interests",
    ):
        await app.pipeline.handle(incoming(text), RecordingChannel())
    channel = RecordingChannel()
    await app.pipeline.handle(incoming("/profile"), channel)
    assert "tone: playful" in channel.visible
    assert "interests:" not in channel.visible


async def test_profile_does_not_keep_abuse(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("x"))
    channel = RecordingChannel()
    reply = await app.pipeline.handle(incoming("/profile set role fucking bitch piece of shit"), channel)
    assert reply.outcome is Outcome.REFUSED


async def test_forget_conversation_drops_its_history(make_app: MakeApp) -> None:
    generator = ScriptedGenerator("Fine.")
    app = await make_app(generator)
    for text in ("remember the heron", "/forget conversation", "what did I say?"):
        await app.pipeline.handle(incoming(text), RecordingChannel())
    assert "heron" not in str(generator.requests[-1])


async def test_forget_everything_leaves_nothing_on_the_person(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    for text in ("remember the heron", "/profile set audience heron watchers", "/forget everything erase"):
        await app.pipeline.handle(incoming(text), RecordingChannel())
    assert await app.repositories.people.find(incoming("").author) is None


async def test_forget_alone_erases_nothing_and_explains(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator("Fine."))
    channel = RecordingChannel()
    await app.pipeline.handle(incoming("/forget"), channel)
    assert "/forget everything" in channel.notices[0].text
    assert await app.repositories.people.find(incoming("").author) is not None


@pytest.mark.parametrize("text", ["/improve 2", "/critique #2"])
async def test_an_idea_of_the_last_list_is_meant_by_its_number(make_app: MakeApp, text: str) -> None:
    generator = ScriptedGenerator(IDEAS)
    app = await make_app(generator)
    listed = await app.pipeline.handle(incoming("/brainstorm 3 tea"), RecordingChannel())
    await app.pipeline.handle(incoming(text), RecordingChannel())
    second = listed.ideas[1]
    assert generator.requests[-1].turns[-1].content.endswith(f": {second.title}: {second.body}")


async def test_ideas_are_combined_by_their_numbers(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(IDEAS)
    app = await make_app(generator)
    listed = await app.pipeline.handle(incoming("/brainstorm 3 tea"), RecordingChannel())
    await app.pipeline.handle(incoming("/combine 1 and 3"), RecordingChannel())
    asked = generator.requests[-1].turns[-1].content
    first, second, third = (f"{idea.title}: {idea.body}" for idea in listed.ideas)
    assert first in asked
    assert third in asked
    assert second not in asked


async def test_methods_of_the_deck_are_shown(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator())
    shown = []
    for text in ("/techniques", "/techniques 3 people", "/techniques zzzz"):
        channel = RecordingChannel()
        await app.pipeline.handle(incoming(text), channel)
        shown.append(channel.notices[-1].text)
    assert "SCAMPER" in shown[0]
    assert shown[0].count("- **") > 5
    assert "SCAMPER" not in shown[1]
    assert shown[1].count("- **") == 3
    assert shown[1].startswith("Methods to try, 3 of ")
    assert "no method" in shown[2]
