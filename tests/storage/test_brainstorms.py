"""Brainstorms and boards: one at a time, phases change once, votes are exact whatever happens at the same time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import func, select

from storage.database import Database
from storage.models import BoardVote
from storage.repositories import Boards, Brainstorms, People, Privacy
from storage.settings import StorageSettings
from storage.values.brainstorms import Ballot, KeptTheme, NewBoardIdea, Phase, Plan, StoredBrainstorm, Vote
from storage.values.records import Account, Place

PLAN = Plan("quieter lids", votes_each=2)
MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


class Room:
    """A database with a brainstorm in it."""

    def __init__(self, database: Database) -> None:
        self.people, self.privacy = People(database), Privacy(database)
        self.brainstorms, self.boards = Brainstorms(database), Boards(database)

    async def person(self, name: str) -> int:
        return await self.people.find_or_create(Account("test", "w1", name))

    async def start(self, phase: Phase = Phase.DIVERGE, thread: str = "t1") -> StoredBrainstorm:
        place = Place("test", "w1", "general", thread)
        begun = await self.brainstorms.start(place, await self.person("facilitator"), PLAN)
        assert begun is not None
        await self.brainstorms.advance(begun.id, Phase.WARM_UP, phase, None)
        return begun

    async def idea(self, brainstorm: StoredBrainstorm, title: str, author: str | None = "u1") -> int:
        person = None if author is None else await self.person(author)
        added = await self.boards.add(brainstorm.id, NewBoardIdea(title, person_id=person))
        assert added is not None
        return added.id


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_one_brainstorm_runs_in_a_thread_however_many_start_one(room: Room, place: Place) -> None:
    facilitator = await room.person("facilitator")
    begun = await asyncio.gather(*(room.brainstorms.start(place, facilitator, PLAN) for _ in range(8)))
    running = [one for one in begun if one is not None]
    assert len(running) == 1
    assert await room.brainstorms.running_in(place) == running[0]
    assert running[0].plan == PLAN
    await room.brainstorms.advance(running[0].id, Phase.WARM_UP, Phase.ENDED, None)
    assert await room.brainstorms.running_in(place) is None
    assert await room.brainstorms.start(place, facilitator, PLAN) is not None


async def test_a_phase_changes_once_however_many_ask(room: Room) -> None:
    begun = await room.start(Phase.DIVERGE)
    asked = (room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, MOMENT) for _ in range(10))
    assert sum(await asyncio.gather(*asked)) == 1
    now = await room.brainstorms.get(begun.id)
    assert now is not None
    assert (now.phase, now.phase_ends_at) == (Phase.VOTE, MOMENT)


async def test_the_clock_stands_still_while_paused(room: Room) -> None:
    begun = await room.start()
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, MOMENT + timedelta(seconds=90))
    assert await room.brainstorms.pause(begun.id, MOMENT)
    assert not await room.brainstorms.pause(begun.id, MOMENT)
    assert await room.brainstorms.extend(begun.id, minutes=1)
    later = MOMENT + timedelta(hours=5)
    assert await room.brainstorms.resume(begun.id, later)
    assert not await room.brainstorms.resume(begun.id, later)
    now = await room.brainstorms.get(begun.id)
    assert now is not None
    assert now.phase_ends_at == later + timedelta(seconds=150)


async def test_an_idea_delivered_twice_is_on_the_board_once(room: Room) -> None:
    begun = await room.start()
    author = await room.person("u1")
    idea = NewBoardIdea("Cork lid", person_id=author, event_id="e1")
    added = await asyncio.gather(*(room.boards.add(begun.id, idea) for _ in range(6)))
    assert sum(one is not None for one in added) == 1
    assert [card.title for card in await room.boards.cards(begun.id)] == ["Cork lid"]


async def test_ten_people_typing_at_once_lose_nothing(room: Room) -> None:
    begun = await room.start()
    people = [await room.person(f"u{number}") for number in range(10)]
    ideas = (NewBoardIdea(f"idea {n} of {p}", person_id=p) for p in people for n in range(5))
    added = await asyncio.gather(*(room.boards.add(begun.id, idea) for idea in ideas))
    assert None not in added
    assert len(await room.boards.cards(begun.id)) == 50


async def test_a_closed_board_takes_nothing(room: Room) -> None:
    begun = await room.start(Phase.ENDED)
    assert await room.boards.add(begun.id, NewBoardIdea("Too late")) is None


async def test_votes_count_only_while_there_is_a_vote(room: Room) -> None:
    begun = await room.start()
    idea, voter = await room.idea(begun, "Cork lid"), await room.person("u2")
    assert (await room.boards.vote(idea, voter)).ballot is Ballot.CLOSED
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    assert await room.boards.vote(idea, voter) == Vote(Ballot.CAST, 1, 1)
    assert await room.boards.vote(idea, voter) == Vote(Ballot.TAKEN_BACK, 1, 2)
    assert [card.votes for card in await room.boards.cards(begun.id)] == [0]


async def test_nobody_votes_more_than_they_may_however_fast(room: Room) -> None:
    begun = await room.start()
    ideas = [await room.idea(begun, f"idea {number}") for number in range(6)]
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    voter = await room.person("u2")
    votes = await asyncio.gather(*(room.boards.vote(idea, voter) for idea in ideas))
    ballots = [vote.ballot for vote in votes]
    assert ballots.count(Ballot.CAST) == PLAN.votes_each
    assert ballots.count(Ballot.NONE_LEFT) == len(ideas) - PLAN.votes_each
    assert sum(card.votes for card in await room.boards.cards(begun.id)) == PLAN.votes_each


async def test_a_merged_idea_keeps_authors_origins_and_one_vote_a_person(room: Room) -> None:
    begun = await room.start()
    first, second = await room.idea(begun, "Cork lid", "u1"), await room.idea(begun, "Lid of cork", "u2")
    riffs = await room.boards.add(begun.id, NewBoardIdea("Yes, and a cork tray", origins=(second,)))
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    both, one = await room.person("both"), await room.person("one")
    for idea, voter in ((first, both), (second, both), (second, one)):
        await room.boards.vote(idea, voter)
    assert await room.boards.merge(second, first)
    assert not await room.boards.merge(second, first)
    assert not await room.boards.merge(first, first)
    kept, built = await room.boards.cards(begun.id)
    assert kept.authors == (await room.person("u1"), await room.person("u2"))
    assert kept.voters == {both, one}
    another = await room.boards.vote(built.id, both)
    assert another is not None
    assert another.left == PLAN.votes_each - 2  # of two votes for what became one, one came back
    assert riffs is not None
    assert (built.id, built.authors, built.origins) == (riffs.id, (None,), (first,))
    assert (riffs.number, await room.boards.numbered(begun.id, [2])) == (3, {2: first})


async def test_erasing_a_person_leaves_the_board_to_the_others(room: Room) -> None:
    begun = await room.start()
    mine, theirs = await room.idea(begun, "Mine", "u1"), await room.idea(begun, "Theirs", "u2")
    built = await room.boards.add(begun.id, NewBoardIdea("Built on mine", origins=(mine,)))
    assert built is not None
    await room.boards.merge(theirs, mine)
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    await room.boards.vote(mine, await room.person("u2"))
    exported = await room.privacy.export(await room.person("u1"))
    assert [row["title"] for row in exported["board_idea"]] == ["Mine"]
    for name in ("u1", "facilitator"):
        await room.privacy.forget(await room.person(name))
    cards = await room.boards.cards(begun.id)
    assert [(card.id, card.origins, card.votes) for card in cards] == [(theirs, (), 0), (built.id, (), 0)]
    now = await room.brainstorms.get(begun.id)
    assert now is not None
    assert now.facilitator_id is None


async def test_themes_are_named_once_and_go_with_whom_they_may_tell_of(room: Room) -> None:
    begun = await room.start()
    first, second = await room.idea(begun, "Cork"), await room.idea(begun, "Felt", "u2")
    named = [[KeptTheme(name, (first, second))] for name in ("Soft", "Warm", "Quiet")]
    kept = await asyncio.gather(*(room.brainstorms.keep_themes(begun.id, (), themes) for themes in named))
    stored = await room.brainstorms.get(begun.id)
    assert stored is not None
    assert {tuple(themes) for themes in kept} == {stored.themes}
    await room.privacy.forget(await room.person("u2"))
    left = await room.brainstorms.get(begun.id)
    assert left is not None
    assert left.themes == ()


async def test_linked_accounts_vote_as_one_person(room: Room) -> None:
    begun = await room.start()
    ideas = [await room.idea(begun, f"idea {number}") for number in range(3)]
    await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
    here, there = Account("test", "w1", "here"), Account("other", "w1", "there")
    for account, voted in ((here, ideas[:2]), (there, ideas[1:])):
        for idea in voted:
            await room.boards.vote(idea, await room.people.find_or_create(account))
    person = await room.people.link(here, there)
    assert [card.voters for card in await room.boards.cards(begun.id)] == [{person}, {person}, set()]


ACTS = st.lists(
    st.tuples(st.sampled_from(["vote", "merge", "advance"]), st.integers(0, 3), st.integers(0, 3)),
    max_size=24,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_whatever_happens_at_once_votes_stay_exact(
    acts: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.mktemp("boards") / "riff.db"
    database = Database(StorageSettings(url=SecretStr(str(path))))
    await database.start()
    try:
        room = Room(database)
        begun = await room.start()
        ideas = [await room.idea(begun, f"idea {number}") for number in range(4)]
        people = [await room.person(f"u{number}") for number in range(4)]
        await room.brainstorms.advance(begun.id, Phase.DIVERGE, Phase.VOTE, None)
        todo = {
            "vote": lambda first, second: room.boards.vote(ideas[first], people[second]),
            "merge": lambda first, second: room.boards.merge(ideas[first], ideas[second]),
            "advance": lambda *_: room.brainstorms.advance(begun.id, Phase.VOTE, Phase.CONVERGE, None),
        }
        done = await asyncio.gather(*(todo[name](first, second) for name, first, second in acts))
        advanced = [result for (name, *_), result in zip(acts, done, strict=True) if name == "advance"]
        assert sum(map(bool, advanced)) == bool(advanced)
        cards = await room.boards.cards(begun.id)
        merges = sum(result is True for (name, *_), result in zip(acts, done, strict=True) if name == "merge")
        assert len(cards) == len(ideas) - merges
        for person in people:
            cast = sum(person in card.voters for card in cards)
            assert cast <= PLAN.votes_each
            held = select(func.count()).where(BoardVote.person_id == person)
            async with database.session() as session:
                assert await session.scalar(held) == cast
    finally:
        await database.close()
