"""What people ask for without a command becomes what the command would give; talk stays talk."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.domain import Outcome, Reply
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

THINGS = ("Stamp Card", "Night Market", "Shelf Swap", "Repair Evening", "Photo Walk", "Seed Library", "Film Club",
          "Garden Tour", "Radio Hour", "Open Diary", "Map of Pins", "Quiet Room")  # fmt: skip
LIST = "\n".join(f"{number}. **{thing}**: It is a {thing.lower()}." for number, thing in enumerate(THINGS, 1))
PROSE = "Paris is the capital.\n\n1. It is large.\n2. It is old."


async def said(app: App, text: str, *, direct: bool = True, chain: tuple[str, ...] | None = None) -> Reply:
    message = replace(incoming(text, direct=direct), chain=chain)
    return await app.pipeline.handle(message, RecordingChannel())


def asked_of(generator: ScriptedGenerator) -> str:
    return "\n".join(turn.content for turn in generator.requests[-1].turns)


@pytest.mark.parametrize(
    ("text", "request_text", "count"),
    [
        ("Five ideas to get more people to cycle to a farm shop",
         "Brainstorm 5 ideas about how to get more people to cycle to a farm shop.", 5),
        ("give me ten wild stunts for a pickle brand",
         "Brainstorm 10 ideas about wild stunts for a pickle brand.", 10),
        ("Names for a podcast about urban gardening", "Suggest 5 names for a podcast about urban gardening.", 5),
        ("I need a slogan for our bike kitchen", "Write 5 slogans for our bike kitchen.", 5),
        ("/brainstorm five ideas for a village library", "Brainstorm 5 ideas about a village library.", 5),
        ("/brainstorm ideas for a village library --count 3", "Brainstorm 3 ideas about a village library.", 3),
        ("/recommend 3 books about sailing", "Recommend 3 books about sailing.", 3),
        ("give me twenty ideas for a fair", "Brainstorm 12 ideas about a fair.", 12),
    ],
)  # fmt: skip
async def test_a_brief_is_understood_without_a_command(
    make_app: MakeApp, text: str, request_text: str, count: int
) -> None:
    generator = ScriptedGenerator(LIST)
    app = await make_app(generator)
    reply = await said(app, text)
    assert generator.requests[0].turns[-1].content == request_text
    assert len(reply.ideas) == count
    assert all(idea.id is not None for idea in reply.ideas)


@pytest.mark.parametrize(
    "text", ["Good night!", "What is the capital of France?", "what did we say about the canteen?", "shorter"]
)
async def test_talk_is_answered_as_talk_and_a_list_in_it_is_no_ideas(make_app: MakeApp, text: str) -> None:
    generator = ScriptedGenerator(PROSE)
    app = await make_app(generator)
    reply = await said(app, text)
    assert (reply.text, reply.ideas) == (PROSE, ())
    assert generator.requests[0].turns[-1].content == text
    person = await app.repositories.people.find(incoming("").author)
    assert person is not None
    assert await app.repositories.ideas.recent_of_person(person, 5) == ()


async def test_chinese_is_understood_and_answered_in_chinese(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = ScriptedGenerator(LIST)
    monkeypatch.setenv("RIFF_GENERATOR__LANGUAGES", "en,zh")
    app = await make_app(generator)
    reply = await said(app, "给我五个咖啡馆的营销点子")
    assert len(reply.ideas) == 5
    assert "Language: Chinese" in asked_of(generator)
    assert "咖啡馆的营销" in generator.requests[0].turns[-1].content


@pytest.mark.parametrize(
    ("text", "told", "count"),
    [
        ("more like 3 please", "Brainstorm 3 ideas about tea, in the spirit of Shelf Swap.", 3),
        ("more", "Do not repeat: Stamp Card; Night Market; Shelf Swap", 3),
        ("two more for children", "Wish: for children", 2),
        ("make the second one cheaper", "Improve this idea: Night Market: It is a night market.", 0),
        ("make the second one cheaper", "Focus: cheaper", 0),
        ("shorter", "Wish: shorter", 3),
        ("shorter", "Write these anew, one for one: Stamp Card: It is a stamp card.; Night Market", 3),
        ("in German", "Language: German", 3),
        (
            "combine 2 and 3",
            "Combine these ideas into one: Night Market: It is a night market. and Shelf Swap",
            0,
        ),
        ("critique 1", "Critique this idea: Stamp Card: It is a stamp card.", 0),
    ],
)
async def test_a_follow_up_is_about_the_list_before_it(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, text: str, told: str, count: int
) -> None:
    generator = ScriptedGenerator(LIST, "\n".join(LIST.splitlines()[3:]))
    monkeypatch.setenv("RIFF_GENERATOR__LANGUAGES", "en,de")
    app = await make_app(generator)
    await said(app, "/brainstorm 3 tea")
    reply = await said(app, text)
    assert told in asked_of(generator)
    assert len(reply.ideas) == count
    assert reply.outcome is Outcome.ANSWERED


async def test_what_names_no_item_is_about_the_last_answer_only(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(LIST, PROSE, "Fine.", LIST)
    app = await make_app(generator)
    await said(app, "/brainstorm 3 tea")
    await said(app, "and what do you think of coffee?")
    assert (await said(app, "shorter")).ideas == ()
    assert generator.requests[2].turns[-1].content == "shorter"
    await said(app, "more like 2")
    assert "in the spirit of Night Market" in asked_of(generator)


async def test_a_number_that_the_list_has_not_is_talk(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(LIST, "I see.")
    app = await make_app(generator)
    await said(app, "/brainstorm 3 tea")
    assert (await said(app, "combine 2 and 7")).text == "I see."


async def test_in_a_reply_chain_its_own_list_is_meant(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(LIST, "\n".join(LIST.splitlines()[6:]), LIST)
    app = await make_app(generator)
    first = replace(incoming("/brainstorm 3 tea", event="e1"), chain=())
    second = replace(incoming("/brainstorm 3 rain", event="e2"), chain=())
    for message in (first, second):
        await app.pipeline.handle(message, RecordingChannel())
    await said(app, "more like 1", chain=("e1",))
    assert "tea, in the spirit of Stamp Card" in asked_of(generator)
    await said(app, "more like 1", chain=("e2",))
    assert "rain, in the spirit of Film Club" in asked_of(generator)


async def test_each_answer_is_kept_with_the_version_of_its_prompt(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(LIST))
    asked = incoming("/brainstorm 3 tea", event="e1")
    await app.pipeline.handle(asked, RecordingChannel())
    await app.pipeline.handle(incoming("/profile", event="e2"), RecordingChannel())
    found = await app.repositories.conversations.find("test", "e1")
    assert found is not None
    assert found[1] is not None
    assert found[1].prompt_version == "instruct/1"
    helped = await app.repositories.conversations.find("test", "e2")
    assert helped is not None
    assert helped[1] is not None
    assert helped[1].prompt_version is None
