"""What people put on a board stays theirs: edited and deleted messages, /session edit, remove and undo."""

from datetime import timedelta

import pytest

from bot.core.domain import Account
from bot.session.idea_changes import message_changed
from bot.session.thread_messages import is_talk, without_opener
from storage.models.base import now
from tests.session.conftest import THREAD, OpenRoom, Room
from tests.session.test_round import collecting
from tests.support.doubles import RecordingChannel
from tests.support.postgres import postgres_url

__all__ = ["postgres_url"]


async def changed(room: Room, event: str, text: str, who: str = "guest") -> None:
    """A message says something else now, or is gone."""
    job = message_changed(f"change-of-{event}", THREAD, Account("test", "w1", who), event, text)
    await room.app.scheduled_jobs.do(job, RecordingChannel(), resume=False)


async def on_board(room: Room) -> dict[int, str]:
    return {card.number: f"{card.title} {card.body}".strip() for card in await room.cards()}


async def test_an_edited_message_changes_its_idea_and_keeps_its_number_and_votes(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "host")
    await room.say("Felt rign", "guest", event="typo")
    await room.say("/session skip vote")
    await room.say("2", "host")
    await changed(room, "typo", "Felt ring")
    assert await on_board(room) == {1: "Cork lid", 2: "Felt ring"}
    assert [card.votes for card in await room.cards()] == [0, 1]


async def test_a_message_with_several_ideas_gains_and_loses_some(room: Room) -> None:
    await collecting(room)
    await room.say("- Cork lid\n- Felt ring", "guest", event="list")
    await changed(room, "list", "- Cork lid\n- Rubber foot\n- Water seal around the rim")
    assert await on_board(room) == {1: "Cork lid", 2: "Rubber foot", 3: "Water seal around the rim"}
    await changed(room, "list", "- Water seal around the rim")
    assert list((await on_board(room)).values()) == ["Water seal around the rim"]
    await room.say("Air brake", "host")
    assert list(await on_board(room)) == [3, 4], "what it still says keeps its number, and none is used twice"


async def test_what_was_merged_stands_for_itself_once_it_says_something_else(room: Room) -> None:
    await collecting(room)
    await room.say("Line the lid with cork", "host")
    await room.say("line the lid with cork", "guest", event="same")
    assert len(await room.cards()) == 1
    await changed(room, "same", "Let a magnet catch the handle")
    assert list((await on_board(room)).values()) == [
        "Line the lid with cork",
        "Let a magnet catch the handle",
    ]
    await changed(room, "same", "line the lid with cork")
    (card,) = await room.cards()
    assert len(card.authors) == 2


async def test_what_others_said_alike_stays_when_the_first_says_something_else(room: Room) -> None:
    await collecting(room)
    await room.say("Line the lid with corc", "host", event="first")
    await room.say("line the lid with corc", "guest")
    await changed(room, "first", "Line the lid with corc!", "host")
    (card,) = await room.cards()
    assert (card.number, card.title, len(card.authors)) == (1, "Line the lid with corc!", 2)
    assert "is changed" in await room.told("/session edit 1 Let a magnet catch the handle", "host")
    assert await on_board(room) == {1: "Let a magnet catch the handle", 2: "line the lid with corc"}
    assert [len(card.authors) for card in await room.cards()] == [1, 1]


@pytest.mark.parametrize("text", ["", "nvm", "haha nice"])
async def test_a_message_that_is_gone_takes_its_idea_along_and_gives_the_votes_back(
    room: Room, text: str
) -> None:
    await collecting(room)
    await room.say("Cork lid", "host")
    await room.say("Felt ring", "guest", event="gone")
    await room.say("/session skip vote")
    assert "You have 2 votes left" in await room.told("2", "host")
    await changed(room, "gone", text)
    assert await on_board(room) == {1: "Cork lid"}
    assert "You have 2 votes left" in await room.told("1", "host")
    assert "no idea number 2" in await room.told("2", "host")


async def test_what_others_said_alike_stands_with_its_votes_when_the_first_goes(room: Room) -> None:
    await collecting(room)
    await room.say("Line the lid with cork", "host", event="first")
    await room.say("line the lid with cork", "guest")
    await room.say("/session skip vote")
    await room.say("1", "third")
    await changed(room, "first", "", "host")
    (card,) = await room.cards()
    assert (card.number, card.votes, len(card.authors)) == (2, 1, 1)


async def test_nobody_changes_anothers_idea_by_editing(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "host", event="mine")
    await room.say("Felt ring", "guest")
    await changed(room, "mine", "Something else", "guest")
    await changed(room, "unknown", "Something else", "guest")
    assert await on_board(room) == {1: "Cork lid", 2: "Felt ring"}


async def test_what_does_not_pass_moderation_changes_nothing(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "guest", event="mine")
    await changed(room, "mine", "a forbiddenword lid")
    assert await on_board(room) == {1: "Cork lid"}


async def test_an_ended_board_stays_as_it_was(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "guest", event="mine")
    await room.say("/session end")
    await changed(room, "mine", "Felt ring")
    await changed(room, "mine", "")
    assert await on_board(room) == {1: "Cork lid"}


async def test_an_idea_is_taken_off_and_put_back_by_whose_it_is(room: Room) -> None:
    await collecting(room)
    await room.say("Cork lid", "host")
    await room.say("Felt ring", "guest")
    assert "no idea 1 of yours" in await room.told("/session remove 1", "guest")
    assert "off the board" in await room.told("/session remove 2", "guest")
    assert await on_board(room) == {1: "Cork lid"}
    assert "nothing to put back" in await room.told("/session undo", "third")
    assert "back on the board" in await room.told("/session undo", "guest")
    assert await on_board(room) == {1: "Cork lid", 2: "Felt ring"}
    assert "is changed" in await room.told("/session edit 2 Rubber foot", "guest")
    assert await on_board(room) == {1: "Cork lid", 2: "Rubber foot"}
    assert "off the board" in await room.told("/session remove 2", "host"), (
        "who started it looks after the board"
    )


async def test_after_two_minutes_nothing_of_it_is_left(room: Room) -> None:
    await collecting(room)
    await room.say("Felt ring", "guest")
    await room.say("/session remove 1", "guest")
    own = room.app.repositories.own_ideas
    assert await own.purge(before=now() - timedelta(minutes=2)) == 0
    assert await own.purge(before=now() + timedelta(seconds=1)) == 1
    assert await own.purge(before=now() + timedelta(seconds=1)) == 0
    assert "nothing to put back" in await room.told("/session undo", "guest")
    person = await room.app.repositories.people.find(Account("test", "w1", "guest"))
    assert person is not None
    assert (await room.app.repositories.privacy.export(person))["board_idea"] == []


async def test_it_holds_on_postgresql(open_room: OpenRoom, postgres_url: str) -> None:
    room = await open_room(url=postgres_url)
    await test_what_others_said_alike_stands_with_its_votes_when_the_first_goes(room)
    await room.say("/session end")
    await room.say("/session start jars")
    await test_an_idea_is_taken_off_and_put_back_by_whose_it_is(room)


@pytest.mark.parametrize(
    "text",
    [
        "haha nice",
        "ok, great idea!",
        "so true",
        "Love it :)",
        "never mind",
        "👍",
        "thanks, cool",
        "好的，谢谢！",
    ],
)
def test_small_talk_is_no_idea(text: str) -> None:
    assert is_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "a nice cork lid",
        "no lid at all",
        "back yard concerts",
        "thank-you cards",
        "good chairs",
        "不错的盖子用软木",
    ],
)
def test_ideas_that_begin_like_small_talk_are_ideas(text: str) -> None:
    assert not is_talk(text)


@pytest.mark.parametrize(
    ("text", "idea"),
    [
        ("oops I meant cork lids", "cork lids"),
        ("Sorry, I mean: felt rings", "felt rings"),
        ("correction: two lids", "two lids"),
        ("I meant", "I meant"),
        ("a meaningful lid", "a meaningful lid"),
        ("sorry tokens for late lids", "sorry tokens for late lids"),
        ("我是说软木盖", "软木盖"),
    ],
)
def test_an_opener_that_puts_right_is_no_part_of_the_idea(text: str, idea: str) -> None:
    assert without_opener(text) == idea


async def test_a_line_whose_idea_was_taken_off_stays_off_and_moves_no_other(room: Room) -> None:
    await collecting(room)
    await room.say("- Cork lid\n- Felt rign\n- Rubber foot", "guest", event="list")
    await room.say("/session remove 1", "guest")
    await changed(room, "list", "- Cork lid\n- Felt ring\n- Rubber foot")
    assert await on_board(room) == {2: "Felt ring", 3: "Rubber foot"}
    await room.app.repositories.own_ideas.purge(now() + timedelta(minutes=5))
    await changed(room, "list", "- Cork lid\n- Felt rings\n- Rubber foot\n- Water seal around the rim")
    assert await on_board(room) == {2: "Felt rings", 3: "Rubber foot", 4: "Water seal around the rim"}
    await changed(room, "list", "- Felt rings everywhere\n- Rubber foot\n- Water seal around the rim")
    assert (await on_board(room))[2] == "Felt rings everywhere"
