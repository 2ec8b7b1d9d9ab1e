"""Each who asks about a topic in a workspace is given other ideas, and hears of those of others only where they may."""

import asyncio
from collections import Counter

import pytest

from bot.app import App
from bot.core.domain import Account, Outcome, Place
from genai.request import GenerationRequest
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

THINGS = ("stamp card", "night market", "shelf swap", "repair evening", "quiet room", "photo walk", "seed library",
          "open diary", "film club", "garden tour", "radio hour", "map of pins")  # fmt: skip


def listed(*things: str) -> str:
    return "".join(f"{at}. **{one.title()}**: {one} for all.\n" for at, one in enumerate(things, start=1))


async def ask(app: App, text: str, user: str, *, direct: bool = True) -> list[str]:
    reply = await app.pipeline.handle(
        incoming(text, user=user, direct=direct, thread=user), RecordingChannel()
    )
    assert reply.outcome is Outcome.ANSWERED
    return [idea.title for idea in reply.ideas]


def prompts(requests: list[GenerationRequest]) -> str:
    return "\n".join(turn.content for request in requests for turn in request.turns)


async def test_nobody_is_given_what_another_was_given(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(
        listed(*THINGS[:2]), listed(*THINGS[:2]), listed(*THINGS[:1], *THINGS[2:3]), listed(*THINGS[3:4])
    )
    app = await make_app(generator)
    assert await ask(app, "/brainstorm 2 coffee cups", "u1") == ["Stamp Card", "Night Market"]
    assert await ask(app, "/brainstorm 2 coffee cups", "u2") == ["Shelf Swap", "Repair Evening"]


async def test_a_topic_in_other_words_is_the_same_and_another_topic_is_not(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(lambda _request: listed(*THINGS[:4])))
    assert await ask(app, "/brainstorm 2 reusable coffee cups", "u1") == ["Stamp Card", "Night Market"]
    assert await ask(app, "/brainstorm 2 coffee cups", "u2") == ["Shelf Swap", "Repair Evening"]
    assert await ask(app, "/brainstorm 2 bicycle sheds", "u3") == ["Stamp Card", "Night Market"]


@pytest.mark.parametrize("setting", ["RIFF_RERANKING__DIFFERENT_PEOPLE=false", "RIFF_GENERATOR__SEED=3"])
async def test_it_can_be_switched_off_and_a_seed_gives_the_same_again(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv(*setting.split("="))
    app = await make_app(ScriptedGenerator(lambda _request: listed(*THINGS[:4])))
    first, second = [await ask(app, "/brainstorm 2 tea", user) for user in ("u1", "u2")]
    assert first == second == ["Stamp Card", "Night Market"]


async def test_another_workspace_knows_nothing_of_it(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(lambda _request: listed(*THINGS[:4])))
    assert await ask(app, "/brainstorm 2 tea", "u1") == ["Stamp Card", "Night Market"]
    for workspace in ("w2", ""):
        place = Place("test", workspace, f"dm-{workspace}", "t", direct=True)
        message = incoming("/brainstorm 2 tea", user="u9")
        elsewhere = type(message)(
            f"event-{workspace}", Account("test", "w2", "u9"), place, message.text, message.received_at
        )
        reply = await app.pipeline.handle(elsewhere, RecordingChannel())
        assert [idea.title for idea in reply.ideas] == ["Stamp Card", "Night Market"]


async def test_the_person_who_asks_again_is_not_kept_from_their_own(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(listed(*THINGS[:2])))
    assert await ask(app, "/brainstorm 2 tea", "u1") == await ask(app, "/brainstorm 2 tea", "u1")


async def test_a_model_that_knows_nothing_else_repeats_itself_rather_than_saying_nothing(
    make_app: MakeApp,
) -> None:
    generator = ScriptedGenerator(listed(*THINGS[:2]))
    app = await make_app(generator)
    first = await ask(app, "/brainstorm 2 tea", "u1")
    generator.requests.clear()
    assert sorted(await ask(app, "/brainstorm 2 tea", "u2")) == sorted(first)
    assert len(generator.requests) == 3


async def test_a_server_is_told_nothing_of_what_others_were_given_in_private(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(listed(*THINGS[:2]), listed(*THINGS[2:4]))
    app = await make_app(generator)
    await ask(app, "/brainstorm 2 tea", "u1")
    await ask(app, "/brainstorm 2 tea", "u2")
    assert len(generator.requests) == 2
    assert "Stamp Card" not in prompts(generator.requests)
    assert "Night Market" not in prompts(generator.requests)


async def test_everybody_but_the_first_looks_from_a_side_of_their_own(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(*(listed(thing) for thing in THINGS))
    app = await make_app(generator)
    for number in range(6):
        await ask(app, "/brainstorm 1 tea", f"u{number}")
    sides = [
        line.partition(": ")[2]
        for request in generator.requests
        for line in request.turns[0].content.splitlines()
        if line.startswith("Look from this side")
    ]
    firsts = [request for request in generator.requests if "Look from this side" not in prompts([request])]
    assert len(firsts) == 1
    assert firsts[0] is generator.requests[0]
    assert len(sides) == len(set(sides)) == 5


async def test_many_who_ask_at_once_each_have_their_own_part(make_app: MakeApp) -> None:
    generator = ScriptedGenerator(*(listed(thing) for thing in THINGS), seconds=0.001)
    app = await make_app(generator)
    await asyncio.gather(*(ask(app, "/brainstorm 1 tea", f"u{number}") for number in range(10)))
    sides = Counter(
        line
        for request in generator.requests
        for line in request.turns[0].content.splitlines()
        if line.startswith("Look from this side")
    )
    assert len(sides) == 9
    assert set(sides.values()) == {1}


async def test_it_is_told_how_many_ideas_of_others_were_left_out(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(lambda _request: listed(*THINGS[:4])))
    await ask(app, "/brainstorm 2 tea", "u1")
    reply = await app.pipeline.handle(incoming("/brainstorm 2 tea", user="u2"), RecordingChannel())
    assert [idea.why.given for idea in reply.ideas if idea.why] == [2, 2]


# What did the others get?


class May:
    """Says who can read the shared channel."""

    def __init__(self, *users: str) -> None:
        self._users = users

    async def __call__(self, account: Account, channel: Place) -> bool:
        return account.external_id in self._users and channel.channel == "general"


async def heard(app: App, text: str, user: str, *, direct: bool = True) -> tuple[str, RecordingChannel]:
    channel = RecordingChannel()
    await app.pipeline.handle(incoming(text, user=user, direct=direct, thread=f"x-{user}"), channel)
    return "\n".join([channel.visible, *(notice.text for notice in channel.notices)]), channel


@pytest.fixture
async def shared(make_app: MakeApp) -> App:
    """One person was given ideas in a channel, another in messages of their own."""
    app = await make_app(ScriptedGenerator(listed(*THINGS[:2]), listed(*THINGS[2:4])))
    app.memberships.register("test", May("u3"))
    await ask(app, "/brainstorm 2 coffee cups", "u1", direct=False)
    await ask(app, "/brainstorm 2 coffee cups", "u2")
    return app


@pytest.mark.parametrize(
    "words",
    [
        "/recall coffee cups --others",
        "/recall --others coffee cups",
        "What did the others get for coffee cups?",
        "关于coffee cups，别人得到了什么点子？",
    ],
)
async def test_a_person_hears_what_others_were_given_where_they_can_read_it(shared: App, words: str) -> None:
    told, channel = await heard(shared, words, "u3")
    assert "**Stamp Card**: stamp card for all." in told
    assert "Night Market" in told
    assert "Shelf Swap" not in told
    assert "u1" not in told
    assert channel.private is True


async def test_who_cannot_read_the_channel_hears_nothing_of_it(shared: App) -> None:
    told, _channel = await heard(shared, "/recall coffee cups --others", "u4")
    assert "I find nothing that others were given about that" in told
    assert "Stamp Card" not in told


async def test_ones_own_ideas_are_not_those_of_others(shared: App) -> None:
    told, _channel = await heard(shared, "/recall coffee cups --others", "u1", direct=False)
    assert "Stamp Card" not in told


async def test_without_a_topic_it_is_what_was_asked_about_last(shared: App) -> None:
    assert "About what?" in (await heard(shared, "/recall --others", "u3"))[0]
    await ask(shared, "/brainstorm 1 coffee cups", "u3")
    told, _channel = await heard(shared, "what did everybody else get?", "u3")
    assert "Stamp Card" in told
