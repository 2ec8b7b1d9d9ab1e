"""Numbers in buttons and forms come from outside: nobody acts on what was shown in a place that they are not in."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.core.buttons import Action, ActionKind
from bot.core.domain import Account, Place
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.form_answers import FormAnswers
from bot.interactions.reach import Reach
from bot.interactions.resolver import Ask
from storage.values.brainstorms import NewBoardIdea, Phase, Plan
from tests.bot.conftest import MakeApp
from tests.support.doubles import RecordingChannel, ScriptedGenerator
from tests.support.messages import incoming

IDEAS = "1. **Stamp Card**: Give a stamp for each refill.\n2. **Shelf Swap**: Swap jars by the door.\n"
OWNER, OTHER = Account("test", "w1", "u1"), Account("test", "w1", "u2")
SHARED = Place("test", "w1", "general", "t1")
PRIVATE = Place("test", "w1", "dm-u1", "t1", direct=True)
ELSEWHERE = (
    Place("test", "w1", "random", "t1"),
    Place("test", "w2", "general", "t1"),
    Place("other", "w1", "general", "t1"),
    Place("test", "w1", "dm-u2", "t1", direct=True),
)
ON_IDEAS = [
    ActionKind.LIKE,
    ActionKind.DISLIKE,
    ActionKind.SAVE,
    ActionKind.MORE,
    ActionKind.COMBINE,
    ActionKind.THREAD,
]
ON_ANSWERS = [
    ActionKind.SHUFFLE,
    ActionKind.FURTHER,
    ActionKind.FAVOURITES,
    ActionKind.TO_IDEAS,
    ActionKind.HELPFUL,
    ActionKind.UNHELPFUL,
    ActionKind.SAVE_ANSWER,
]


async def shown_in(make_app: MakeApp, place: Place) -> tuple[App, list[int], int]:
    """The ideas that the owner was given in the place, and their answer."""
    app = await make_app(ScriptedGenerator(IDEAS))
    asked = replace(incoming("/brainstorm 2 the secret product"), author=OWNER, place=place)
    reply = await app.pipeline.handle(asked, RecordingChannel())
    assert reply.message_id is not None
    return app, [idea.id for idea in reply.ideas if idea.id], reply.message_id


async def test_ideas_are_out_of_reach_from_anywhere_else(make_app: MakeApp) -> None:
    app, ideas, answer = await shown_in(make_app, SHARED)
    actions = Actions(app.repositories)
    for place in ELSEWHERE:
        stranger = replace(OTHER, platform=place.platform, workspace=place.workspace)
        for kind in ON_IDEAS:
            with pytest.raises(CommandError, match="erased"):
                await actions.perform(Action(kind, str(ideas[0])), stranger, place)
        for kind in ON_ANSWERS:
            with pytest.raises(CommandError, match="erased"):
                await actions.perform(Action(kind, str(answer)), stranger, place)
        with pytest.raises(CommandError, match="erased"):
            await actions.choose(str(answer), {"ideas": (str(ideas[0]),), "then": "save"}, stranger, place)
        with pytest.raises(CommandError, match="erased"):
            await actions.choices(str(answer), stranger, place)
        with pytest.raises(CommandError, match="at least one other"):
            await FormAnswers(app.repositories).submit(
                "combine", str(ideas[0]), {"others": (str(ideas[1]),)}, stranger, place
            )
    stranger_id = await app.repositories.people.find_or_create(OTHER)
    assert (await app.repositories.privacy.export(stranger_id))["feedback"] == []


async def test_whoever_is_in_the_channel_can_act_on_them(make_app: MakeApp) -> None:
    app, ideas, answer = await shown_in(make_app, SHARED)
    actions = Actions(app.repositories)
    in_a_thread = replace(SHARED, thread="another")
    assert isinstance(
        await actions.perform(Action(ActionKind.LIKE, str(ideas[0])), OTHER, in_a_thread), Notice
    )
    assert isinstance(await actions.perform(Action(ActionKind.SHUFFLE, str(answer)), OTHER, SHARED), Ask)


async def test_what_is_ones_own_goes_along_within_the_workspace_only(make_app: MakeApp) -> None:
    app, ideas, _answer = await shown_in(make_app, SHARED)
    like = Action(ActionKind.LIKE, str(ideas[0]))
    actions = Actions(app.repositories)
    assert isinstance(await actions.perform(like, OWNER, PRIVATE), Notice)
    with pytest.raises(CommandError, match="erased"):
        await actions.perform(like, OWNER, replace(SHARED, workspace="w2"))


async def test_what_was_shown_in_private_is_for_that_person_alone(make_app: MakeApp) -> None:
    app, ideas, answer = await shown_in(make_app, PRIVATE)
    for place in (SHARED, PRIVATE, replace(PRIVATE, channel="dm-u2")):
        for action in (Action(ActionKind.MORE, str(ideas[0])), Action(ActionKind.SHUFFLE, str(answer))):
            with pytest.raises(CommandError, match="erased"):
                await Actions(app.repositories).perform(action, OTHER, place)
        assert await Reach(app.repositories, OTHER, place).own_answer(answer) is None
    assert await Reach(app.repositories, OWNER, SHARED).own_answer(answer) is None
    assert await Reach(app.repositories, OWNER, PRIVATE).own_answer(answer) is not None


async def test_a_board_is_voted_on_where_it_is(make_app: MakeApp) -> None:
    app = await make_app(ScriptedGenerator(IDEAS))
    people, boards = app.repositories.people, app.repositories.boards
    host = await people.find_or_create(OWNER)
    begun = await app.repositories.brainstorms.start(
        SHARED, host, Plan("a secret product", minutes=20), phase=Phase.DIVERGE
    )
    assert begun is not None
    card = await boards.add(begun.id, NewBoardIdea("Cork lid", person_id=host))
    assert card is not None
    await app.repositories.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    vote = Action(ActionKind.VOTE, str(card.id))
    for place in ELSEWHERE:
        stranger = replace(OTHER, platform=place.platform, workspace=place.workspace)
        for action in (vote, replace(vote, kind=ActionKind.IMPROVE)):
            with pytest.raises(CommandError, match="no longer on the board"):
                await Actions(app.repositories).perform(action, stranger, place)
    assert isinstance(await Actions(app.repositories).perform(vote, OTHER, SHARED), Notice)


@pytest.mark.parametrize("target", ["9" * 5000, "٣", "²", "-1", "1.0", " 1"])
async def test_numbers_that_are_none_are_told_as_gone(make_app: MakeApp, target: str) -> None:
    app = await make_app(ScriptedGenerator())
    with pytest.raises(CommandError, match="erased"):
        await Actions(app.repositories).perform(Action(ActionKind.LIKE, target), OWNER, SHARED)
    with pytest.raises(CommandError, match="erased"):
        await FormAnswers(app.repositories).submit("combine", target, {"others": "1"}, OWNER, SHARED)
