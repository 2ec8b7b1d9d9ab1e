"""Riff lets people begin, and afterwards it is told how much came from whom."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest

from bot.board.origins import Origins, origins_of
from bot.board.view import view
from storage.values.brainstorms import CardOnBoard
from tests.session.conftest import OpenRoom, Room, lines

QUIET = timedelta(seconds=31)
IDEAS = ("Cork lid", "Felt ring", "Magnet in the rim", "Rubber hinge", "Heavier cover")
WAITS = "People first: I add nothing of my own before"


async def collecting(room: Room, options: str = "") -> datetime:
    await room.say(f'/session start "quieter lids" 20 {options}')
    await room.say("/session skip diverge")
    await room.scheduled_jobs()
    return await room.ends() - timedelta(minutes=10)


async def of_riff(room: Room) -> int:
    return sum(card.authors == (None,) for card in await room.cards())


@pytest.mark.parametrize(("options", "needed"), [("", 3), ("--people-first 1", 1), ("--people-first 5", 5)])
async def test_riff_is_silent_until_people_have_posted(room: Room, options: str, needed: int) -> None:
    began = await collecting(room, options)
    for number in range(needed):
        assert await room.tick(began + (number + 1) * QUIET) == []
        await room.say(IDEAS[number], f"person-{number}")
    assert await of_riff(room) == 0
    assert await room.tick(began + timedelta(minutes=4)) != []
    assert await of_riff(room) > 0


async def test_zero_lets_riff_begin_and_the_settings_say_what_is_usual(open_room: OpenRoom) -> None:
    room = await open_room(people_first=0)
    began = await collecting(room)
    assert await room.tick(began + QUIET) != []
    assert await of_riff(room) > 0


async def test_ideas_that_are_merged_count_as_posted(room: Room) -> None:
    began = await collecting(room, "--people-first 2")
    await room.say("Line the lid with cork", "one")
    await room.say("line the lid with cork", "two")
    assert len(await room.cards()) == 1
    assert await room.tick(began + timedelta(minutes=2)) != []


async def test_an_idea_that_was_taken_off_again_does_not_count(room: Room) -> None:
    began = await collecting(room, "--people-first 1")
    await room.say("Cork lid", "one")
    await room.say("/session remove 1", "one")
    assert await room.cards() == []
    assert await room.tick(began + timedelta(minutes=2)) == []


async def test_people_are_told_once_in_the_opening_and_in_the_phase(room: Room) -> None:
    _reply, channel = await room.say('/session start "quieter lids" 20 scamper')
    assert lines([channel]).count(f"{WAITS} you have posted 3 ideas.") == 1
    await room.say("/session skip diverge")
    assert f"{WAITS} you have posted 3 ideas." in lines(await room.scheduled_jobs())
    await room.say("Cork lid")
    await room.say("/session skip")
    assert f"{WAITS} 2 more ideas of yours." in lines(await room.scheduled_jobs())
    await room.say("Felt ring")
    await room.say("Magnet in the rim")
    await room.say("/session skip")
    assert WAITS not in lines(await room.scheduled_jobs())


async def test_nothing_is_said_of_it_where_riff_may_begin(room: Room) -> None:
    _reply, channel = await room.say('/session start "quieter lids" 20 --people-first 0')
    assert WAITS not in lines([channel])


async def test_riff_does_not_combine_what_leads_before_people_had_their_turn(room: Room) -> None:
    await collecting(room, "--people-first 3")
    for number in range(2):
        await room.say(IDEAS[number])
    await room.say("/session skip vote")
    await room.say("1 2", "guest")
    await room.say("/session skip")
    await room.scheduled_jobs()
    assert await of_riff(room) == 0


async def test_over_days_riff_waits_too(room: Room) -> None:
    await room.say('/session start "quieter lids" --daily 9 --days 7 --people-first 1')
    begins = (await room.brainstorm()).created_at
    shown = lines(await room.tick(begins + timedelta(days=2)))
    assert f"{WAITS} you have posted 1 idea." in shown
    assert await of_riff(room) == 0
    await room.say("Cork lid")
    await room.tick(begins + timedelta(days=3))
    assert await of_riff(room) > 0


async def outcome(room: Room) -> str:
    """Three ideas of people, of which one is Riff's too, and one more of Riff's; two votes."""
    began = await collecting(room)
    for idea in IDEAS[:3]:
        await room.say(idea, "guest")
    await room.tick(began + timedelta(minutes=2))
    await room.say("/session skip vote")
    await room.scheduled_jobs()
    await room.say("1 4", "host")
    await room.say("1", "guest")
    await room.say("/session end")
    return lines(await room.scheduled_jobs())


async def test_the_outcome_and_its_files_say_what_came_from_people_and_from_riff(room: Room) -> None:
    shown = await outcome(room)
    assert "**Who it came from**" in shown
    assert "• Ideas: people 75 % and Riff 25 %" in shown
    assert "• Votes: people 67 % and Riff 33 %" in shown
    assert "• Shortlist: people 50 % and Riff 50 %" in shown
    _reply, channel = await room.say("/session export json", "guest")
    held = json.loads(channel.documents[0].content)
    assert held["origins"]["ideas"] == {"people": 3, "both": 0, "riff": 1}
    assert held["origins"]["votes"] == {"people": 2, "both": 0, "riff": 1}
    assert [idea["from"] for idea in held["ideas"]] == ["people", "people", "people", "riff"]
    _reply, channel = await room.say("/session export csv", "guest")
    rows = list(csv.DictReader(io.StringIO(channel.documents[0].content.decode())))
    assert [row["from"] for row in rows] == ["people", "people", "people", "riff"]
    _reply, channel = await room.say("/session export markdown", "guest")
    assert (
        "## Who it came from\n\n- Ideas: people 75 % and Riff 25 %\n" in channel.documents[0].content.decode()
    )
    _reply, channel = await room.say("/session board", "guest")
    assert "Ideas: people 75 % and Riff 25 % · Votes: people 67 %" in lines([channel])


async def test_while_there_is_a_vote_only_the_ideas_are_told(room: Room) -> None:
    await collecting(room)
    await room.say(IDEAS[0])
    await room.say("/session skip vote")
    await room.say("1", "guest")
    _reply, channel = await room.say("/session board", "guest")
    assert "Ideas: people 100 % and Riff 0 %" in lines([channel])
    assert "Votes:" not in lines([channel])


def test_shares_make_a_hundred_and_an_idea_of_both_is_of_both() -> None:
    now = datetime.now().astimezone()
    cards = [
        CardOnBoard(number, number, f"title {number}", "", authors, now)
        for number, authors in enumerate([(1,), (1, None), (None,)], start=1)
    ]
    found = origins_of(view("tea", cards))
    assert found["ideas"] == Origins(1, 1, 1)
    assert found["ideas"].shares() == "people 34 %, both 33 %, and Riff 33 %"
    assert found["votes"].shares() == found["shortlist"].shares() == ""
