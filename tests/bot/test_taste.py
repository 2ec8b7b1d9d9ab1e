"""Feedback changes which ideas come first, and what a person is told of it, where they may be."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.app import App
from bot.core.domain import Reply, Scope
from storage.values.brainstorms import NewBoardIdea, Phase, Plan
from storage.values.records import Account, FeedbackKind
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

CARD = "**Stamp Card**: Stamp a loyalty card at the till for every refill."
PARTY = "**Street Party**: Cook together with the neighbours in the street."
LIKE_CARD = "**Points Card**: Collect a stamp on a card at the till."
LIKE_PARTY = "**Long Table**: Neighbours cook together at a table in the street."
FIRST = f"1. {CARD}\n2. {PARTY}\n"
SECOND = (f"1. {LIKE_CARD}\n", f"1. {LIKE_PARTY}\n")
CHOICE = {"candidates": 2.0}


def model(*texts: str) -> ScriptedGenerator:
    """A model inside Riff, asked for two lists at a time: first with the two ideas, then with one like each of them."""
    return ScriptedGenerator(*(texts or (FIRST, FIRST, *SECOND * 3)), backend="local")


async def shown(app: App, text: str, user: str = "u1", *, direct: bool = True) -> Reply:
    return await app.pipeline.handle(incoming(text, user=user, direct=direct), RecordingChannel())


async def person(app: App, user: str = "u1") -> int:
    return await app.repositories.people.find_or_create(Account("test", "w1", user))


async def say(app: App, reply: Reply, user: str = "u1", **opinions: FeedbackKind) -> None:
    for idea in reply.ideas:
        if kind := opinions.get(idea.title.split()[0].lower()):
            assert idea.id is not None
            await app.repositories.feedback.add(await person(app, user), idea.id, kind)


async def test_what_the_person_liked_comes_first_and_is_said(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    listed = await shown(app, "/brainstorm 2 tea")
    assert {idea.because for idea in listed.ideas} == {""}
    await say(app, listed, street=FeedbackKind.LIKE, stamp=FeedbackKind.DISLIKE)
    (first,) = (await shown(app, "/brainstorm 1 coffee")).ideas
    assert (first.title, first.because) == ("Long Table", "because you liked “Street Party”")
    assert first.why is not None
    assert first.why.taste is not None
    assert first.why.taste > 0


async def test_the_opposite_opinion_turns_the_choice(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    await say(
        app, await shown(app, "/brainstorm 2 tea"), street=FeedbackKind.DISLIKE, stamp=FeedbackKind.SAVE
    )
    assert (await shown(app, "/brainstorm 1 coffee")).ideas[0].title == "Points Card"


async def test_weight_0_switches_it_off(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking={**CHOICE, "taste_weight": 0})
    await say(app, await shown(app, "/brainstorm 2 tea"), street=FeedbackKind.LIKE)
    (first, second) = (await shown(app, "/brainstorm 2 coffee")).ideas
    for idea in (first, second):
        assert idea.why is not None
        assert (idea.why.taste, idea.because) == (None, "")


async def test_a_newcomer_gets_what_the_channel_likes_and_nobody_is_named(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    listed = await shown(app, "/brainstorm 2 tea", direct=False)
    for user in ("u1", "u2", "u3", "u4"):
        await say(app, listed, user, street=FeedbackKind.LIKE, stamp=FeedbackKind.DISLIKE)
    (first,) = (await shown(app, "/brainstorm 1 coffee", "new", direct=False)).ideas
    assert (first.title, first.because) == ("Long Table", "")


async def test_what_was_liked_in_private_is_not_told_in_a_channel(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    await say(app, await shown(app, "/brainstorm 2 tea"), street=FeedbackKind.LIKE)
    (first,) = (await shown(app, "/brainstorm 1 coffee", direct=False)).ideas
    assert (first.title, first.because) == ("Long Table", "")
    (again,) = (await shown(app, "/brainstorm 1 coffee")).ideas
    assert again.because == "because you liked “Street Party”"


async def test_what_others_like_in_private_teaches_nobody_else(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    await say(app, await shown(app, "/brainstorm 2 tea"), street=FeedbackKind.LIKE)
    (first,) = (await shown(app, "/brainstorm 1 coffee", "u2", direct=False)).ideas
    assert first.why is not None
    assert first.why.taste is None


async def test_a_vote_counts_and_stays_anonymous(make_app: MakeApp) -> None:
    app = await make_app(model(*SECOND * 3), reranking=CHOICE)
    place, me = incoming("", direct=False).place, await person(app)
    brainstorm = await app.repositories.brainstorms.start(place, me, Plan("tea"))
    assert brainstorm is not None
    voted = await app.repositories.boards.add(
        brainstorm.id, NewBoardIdea("Street Party", PARTY.partition(": ")[2], me, "e1")
    )
    assert voted is not None
    moved = await app.repositories.brainstorms.advance(
        brainstorm.id, brainstorm.phase, Phase.VOTE, datetime.now(UTC)
    )
    assert moved
    await app.repositories.boards.vote(voted.id, me)
    (public,) = (await shown(app, "/brainstorm 1 coffee", direct=False)).ideas
    (private,) = (await shown(app, "/brainstorm 1 coffee")).ideas
    assert (public.title, public.because) == ("Long Table", "")
    assert private.because == "because you liked “Street Party”"


async def test_a_reason_that_does_not_pass_is_not_told(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    await say(app, await shown(app, "/brainstorm 2 tea"), street=FeedbackKind.LIKE)
    await app.policies.block_term(Scope("test", "w1"), "street party")
    (first,) = (await shown(app, "/brainstorm 1 coffee")).ideas
    assert (first.title, first.because) == ("Long Table", "")


async def test_new_feedback_counts_at_once(make_app: MakeApp) -> None:
    app = await make_app(model(), reranking=CHOICE)
    listed = await shown(app, "/brainstorm 2 tea")
    await say(app, listed, street=FeedbackKind.LIKE)
    assert (await shown(app, "/brainstorm 1 coffee")).ideas[0].title == "Long Table"
    await say(app, listed, street=FeedbackKind.DISLIKE, stamp=FeedbackKind.LIKE)
    assert (await shown(app, "/brainstorm 1 coffee")).ideas[0].title == "Points Card"


async def test_several_lists_are_looked_for_from_several_sides_by_a_model_inside_riff(
    make_app: MakeApp,
) -> None:
    generator = model()
    app = await make_app(generator, reranking=CHOICE)
    await shown(app, "/brainstorm 2 tea")
    free, sided = [request.turns[0].content for request in generator.requests[:2]]
    assert "Look from this side" not in free
    assert "Look from this side: " in sided
    server = ScriptedGenerator(FIRST)
    app = await make_app(server, reranking={"candidates": 8})
    await shown(app, "/brainstorm 2 tea")
    assert [request.candidates for request in server.requests] == [1]


async def test_a_small_model_writes_three_lists_in_one_request(make_app: MakeApp) -> None:
    generator = model(FIRST)
    generator.info = replace(generator.info, prompt_style="plain")
    app = await make_app(generator)
    await shown(app, "/brainstorm 2 tea")
    assert [request.candidates for request in generator.requests] == [3]
    assert generator.requests[0].turns[-1].content == "Give me 2 ideas: tea."
