"""The board of a brainstorm: ideas, near-duplicates merged with their authors credited, votes."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.board import Ballot, CardOnBoard, NewBoardIdea, Phase
from storage.database import Database
from storage.errors import ConflictError, ForgottenError
from storage.models import BoardIdea, BoardOrigin, BoardVote, Brainstorm
from storage.repositories.rows import add_unless_there, hold_people

_GONE = "This brainstorm or person was erased meanwhile."
_TRIES = 8


class Boards:
    """Ideas are put on a board while it takes them, and voted for while there is a vote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, brainstorm_id: int, idea: NewBoardIdea) -> int | None:
        """The id of the idea, now on the board; None when its event was seen before, or the board is closed.

        Raises ForgottenError when its author or an idea it comes from was erased meanwhile.
        """
        values = {
            "brainstorm_id": brainstorm_id,
            "person_id": idea.person_id,
            "event_id": idea.event_id,
            "title": idea.title,
            "body": idea.body,
        }
        try:
            async with self._database.transaction() as session:
                if idea.person_id is not None and not await hold_people(session, idea.person_id):
                    raise ForgottenError(_GONE)
                if await _phase(session, brainstorm_id) in (None, Phase.ENDED):
                    return None
                added = await add_unless_there(session, BoardIdea, values)
                if added is not None:
                    session.add_all(BoardOrigin(idea_id=added, origin_id=one) for one in idea.origins)
                return added
        except ConflictError as error:
            raise ForgottenError(_GONE) from error

    async def merge(self, duplicate_id: int, into_id: int) -> bool:
        """Makes one idea part of another, with its authors and votes; False where it cannot be.

        What was merged into the duplicate before goes with it.
        """
        async with self._database.transaction() as session:
            ids = sorted({duplicate_id, into_id})
            query = select(BoardIdea).where(BoardIdea.id.in_(ids)).order_by(BoardIdea.id).with_for_update()
            ideas = {row.id: row for row in await session.scalars(query)}
            if len(ideas) < 2 or any(row.merged_into_id for row in ideas.values()):
                return False
            if len({row.brainstorm_id for row in ideas.values()}) > 1:
                return False
            ideas[duplicate_id].merged_into_id = into_id
            followers = update(BoardIdea).where(BoardIdea.merged_into_id == duplicate_id)
            await session.execute(followers.values(merged_into_id=into_id))
            await _move_votes(session, duplicate_id, into_id)
            return True

    async def cards(self, brainstorm_id: int) -> Sequence[CardOnBoard]:
        """Every idea that was not merged into another, the oldest first."""
        async with self._database.session() as session:
            here = BoardIdea.brainstorm_id == brainstorm_id
            ideas = (await session.scalars(select(BoardIdea).where(here).order_by(BoardIdea.id))).all()
            votes = await session.scalars(select(BoardVote).where(BoardVote.brainstorm_id == brainstorm_id))
            origins = await session.scalars(
                select(BoardOrigin).join(BoardIdea, BoardIdea.id == BoardOrigin.idea_id).where(here)
            )
            return _cards(ideas, votes.all(), origins.all())

    async def vote(self, idea_id: int, person_id: int) -> Ballot:
        """Casts the person's vote for the idea, or takes it back where it was cast.

        Raises ForgottenError when the person or the idea was erased meanwhile.
        """
        for _ in range(_TRIES):
            ballot = await self._vote_once(idea_id, person_id)
            if ballot is not None:
                return ballot
        return Ballot.NONE_LEFT

    async def _vote_once(self, idea_id: int, person_id: int) -> Ballot | None:
        """None when another vote of the person's took the same slot at the same moment."""
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError(_GONE)
            idea = await session.get(BoardIdea, idea_id, with_for_update={"read": True})
            if idea is None:
                raise ForgottenError(_GONE)
            shown = idea.merged_into_id or idea.id
            if await _phase(session, idea.brainstorm_id) is not Phase.VOTE:
                return Ballot.CLOSED
            mine = BoardVote.person_id == person_id
            taken_back = delete(BoardVote).where(mine, BoardVote.idea_id == shown).returning(BoardVote.id)
            if await session.scalar(taken_back) is not None:
                return Ballot.TAKEN_BACK
            here = BoardVote.brainstorm_id == idea.brainstorm_id
            used = set(await session.scalars(select(BoardVote.slot).where(mine, here)))
            each = select(Brainstorm.votes_each).where(Brainstorm.id == idea.brainstorm_id)
            free = sorted(set(range(1, int(await session.scalar(each) or 0) + 1)) - used)
            if not free:
                return Ballot.NONE_LEFT
            values = {"brainstorm_id": idea.brainstorm_id, "idea_id": shown, "person_id": person_id}
            added = await add_unless_there(session, BoardVote, {**values, "slot": free[0]})
            return None if added is None else Ballot.CAST

    async def votes_left(self, brainstorm_id: int, person_id: int) -> int:
        """How many more ideas the person may vote for."""
        used = select(func.count()).where(
            BoardVote.brainstorm_id == brainstorm_id, BoardVote.person_id == person_id
        )
        each = select(Brainstorm.votes_each).where(Brainstorm.id == brainstorm_id)
        async with self._database.session() as session:
            return int(await session.scalar(each) or 0) - int(await session.scalar(used) or 0)


async def _phase(session: AsyncSession, brainstorm_id: int) -> Phase | None:
    """The phase, which stays as it is until the transaction ends."""
    query = select(Brainstorm.phase).where(Brainstorm.id == brainstorm_id)
    found = await session.scalar(query.with_for_update(read=True))
    return None if found is None else Phase(found)


async def _move_votes(session: AsyncSession, duplicate_id: int, into_id: int) -> None:
    """Somebody who voted for both keeps one vote, and has the other one back."""
    both = select(BoardVote.person_id).where(BoardVote.idea_id == into_id)
    double = delete(BoardVote).where(BoardVote.idea_id == duplicate_id, BoardVote.person_id.in_(both))
    await session.execute(double, execution_options={"synchronize_session": False})
    rest = update(BoardVote).where(BoardVote.idea_id == duplicate_id)
    await session.execute(rest.values(idea_id=into_id), execution_options={"synchronize_session": False})


def _cards(
    ideas: Sequence[BoardIdea], votes: Sequence[BoardVote], origins: Sequence[BoardOrigin]
) -> list[CardOnBoard]:
    authors: defaultdict[int, list[int | None]] = defaultdict(list)
    for idea in sorted(ideas, key=lambda idea: (idea.merged_into_id is not None, idea.id)):
        authors[idea.merged_into_id or idea.id].append(idea.person_id)
    voters: defaultdict[int, set[int]] = defaultdict(set)
    for vote in votes:
        voters[vote.idea_id].add(vote.person_id)
    shown = {idea.id: idea.merged_into_id or idea.id for idea in ideas}
    made_of: defaultdict[int, set[int]] = defaultdict(set)
    for origin in origins:
        made_of[shown[origin.idea_id]].add(shown.get(origin.origin_id, origin.origin_id))
    return [
        CardOnBoard(
            id=idea.id,
            title=idea.title,
            body=idea.body,
            authors=tuple(dict.fromkeys(authors[idea.id])),
            created_at=idea.created_at,
            origins=tuple(sorted(made_of[idea.id] - {idea.id})),
            voters=frozenset(voters[idea.id]),
        )
        for idea in ideas
        if idea.merged_into_id is None
    ]


async def merge_votes(session: AsyncSession, keep: int, merge: int) -> None:
    """Before `merge` becomes `keep`: what both voted for counts once, and no more than one person's votes."""
    votes = (await session.scalars(select(BoardVote).where(BoardVote.person_id.in_((keep, merge))))).all()
    voted = {vote.idea_id for vote in votes if vote.person_id == keep}
    taken: defaultdict[int, set[int]] = defaultdict(set)
    for vote in votes:
        if vote.person_id == keep:
            taken[vote.brainstorm_id].add(vote.slot)
    for vote in votes:
        if vote.person_id == merge:
            used = taken[vote.brainstorm_id]
            brainstorm = await session.get_one(Brainstorm, vote.brainstorm_id)
            free = sorted(set(range(1, brainstorm.votes_each + 1)) - used)
            if vote.idea_id in voted or not free:
                await session.delete(vote)
                continue
            vote.slot = vote.slot if vote.slot in free else free[0]
            used.add(vote.slot)
    await session.flush()
