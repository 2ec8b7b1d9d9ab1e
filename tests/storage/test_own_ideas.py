"""People change their ideas on a board: nobody else's are lost, and nobody waits in a circle."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select, text

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import BoardIdea, Brainstorm
from storage.repositories.own_ideas import OwnIdeas
from storage.values.brainstorms import Ballot, NewBoardIdea, Phase
from tests.storage.test_brainstorms import Room


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@asynccontextmanager
async def held(database: Database, model: type[BoardIdea | Brainstorm], row: int) -> AsyncIterator[None]:
    """Somebody else has the row meanwhile, so that those who want it line up."""
    async with database.transaction() as session:
        await session.execute(select(model.id).where(model.id == row).with_for_update(key_share=True))
        yield


async def waiting(database: Database, count: int) -> None:
    """Until so many wait for a lock; on SQLite they wait for their turn to write, one after another."""
    if not database.is_postgres:
        return
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        async with database.session() as session:
            if (await session.scalar(query) or 0) >= count:
                return
        await asyncio.sleep(0.01)
    raise AssertionError(f"fewer than {count} wait")


async def test_what_was_merged_into_an_idea_stands_again_with_its_votes_when_that_says_something_else(
    room: Room, database: Database
) -> None:
    begun, own = await room.start(Phase.VOTE), OwnIdeas(database)
    first, same = await room.idea(begun, "Cork lid"), await room.idea(begun, "cork lid", "u2")
    third = await room.idea(begun, "Cork lid!", "u3")
    await room.boards.merge(same, first)
    await room.boards.merge(third, first)
    await room.boards.vote(first, await room.person("voter"))
    changed = await own.reword(begun.id, await room.person("u1"), 1, ("Felt ring", ""))
    assert changed is not None
    assert [one.id for one in changed] == [first, same]
    assert [(card.title, card.votes, len(card.authors)) for card in await room.boards.cards(begun.id)] == [
        ("Felt ring", 0, 1),
        ("cork lid", 1, 2),
    ]


async def test_what_went_with_its_message_is_not_put_back_by_who_steers(
    room: Room, database: Database
) -> None:
    begun, own = await room.start(), OwnIdeas(database)
    idea = NewBoardIdea("Felt ring", person_id=await room.person("u1"), event_id="e1")
    await room.boards.add(begun.id, idea)
    assert await own.erase(begun.id, "e1") == 1
    assert await own.put_back(begun.id, None) is None
    assert await room.boards.cards(begun.id) == []


async def test_an_idea_is_taken_off_while_another_is_made_of_it(room: Room, database: Database) -> None:
    begun, own = await room.start(), OwnIdeas(database)
    first, author = await room.idea(begun, "Cork lid"), await room.person("u1")
    built = NewBoardIdea("Cork lid on a hinge", origins=(first,))
    async with asyncio.TaskGroup() as tasks, held(database, Brainstorm, begun.id):
        added = tasks.create_task(room.boards.add(begun.id, built))
        await waiting(database, 1)
        gone = tasks.create_task(own.withdraw(begun.id, author, 1))
        await waiting(database, 2)
    assert added.result() is not None
    assert gone.result()
    assert [card.title for card in await room.boards.cards(begun.id)] == ["Cork lid on a hinge"]


@pytest.mark.parametrize("act", ["withdraw", "merge", "forget"])
async def test_a_vote_for_what_was_merged_counts_while_what_it_was_merged_into_changes(
    room: Room, database: Database, act: str
) -> None:
    begun, own = await room.start(Phase.VOTE), OwnIdeas(database)
    other, first = await room.idea(begun, "Air brake", "u3"), await room.idea(begun, "Cork lid")
    same, voter = await room.idea(begun, "cork lid", "u2"), await room.person("voter")
    author = await room.person("u1")
    await room.boards.merge(same, first)
    async with asyncio.TaskGroup() as tasks, held(database, Brainstorm, begun.id):
        vote = tasks.create_task(room.boards.vote(same, voter))
        await waiting(database, 1)
        match act:
            case "withdraw":
                tasks.create_task(own.withdraw(begun.id, author, 2))
            case "merge":
                tasks.create_task(room.boards.merge(first, other))
            case _:
                tasks.create_task(room.privacy.forget(author))
        await waiting(database, 2)
    assert vote.result().ballot is Ballot.CAST
    voted = {card.title: card.votes for card in await room.boards.cards(begun.id)}
    expected = {
        "withdraw": {"Air brake": 0, "cork lid": 1},
        "merge": {"Air brake": 1},
        "forget": {"Air brake": 0, "cork lid": 0},
    }
    assert voted == expected[act]


@pytest.mark.parametrize("act", ["vote", "withdraw"])
async def test_a_person_is_erased_while_others_vote_or_they_take_an_idea_off(
    room: Room, database: Database, act: str
) -> None:
    begun, own = await room.start(Phase.VOTE), OwnIdeas(database)
    first, author = await room.idea(begun, "Cork lid"), await room.person("u1")
    voter = await room.person("voter")
    async with asyncio.TaskGroup() as tasks, held(database, Brainstorm, begun.id):
        erased = tasks.create_task(room.privacy.forget(author))
        await waiting(database, 1)
        if act == "vote":
            vote = tasks.create_task(outcome_of(room.boards.vote(first, voter)))
        else:
            vote = tasks.create_task(outcome_of(own.withdraw(begun.id, author, 1)))
        await waiting(database, 2)
    assert erased.result().rows["board_idea"] == 1
    assert vote.result() in {"gone", "False"}
    assert await room.boards.cards(begun.id) == []


async def outcome_of(work: Coroutine[Any, Any, object]) -> str:
    try:
        return str(await work)
    except ForgottenError:
        return "gone"
