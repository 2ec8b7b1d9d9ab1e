"""The board of a brainstorm: ideas, near-duplicates merged with their authors credited, votes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ConflictError, ForgottenError
from storage.models import BoardIdea, BoardOrigin, BoardVote, Brainstorm, Channel, Participant
from storage.repositories.rows import LOCKED, add_unless_there, hold_people, insert_into, place_of_channel
from storage.values.brainstorms import Ballot, CardOnBoard, Heard, NewBoardIdea, Phase, Placed, Vote
from storage.values.records import Place

_GONE = "This brainstorm or person was erased meanwhile."
_TRIES = 8
_STANDS = BoardIdea.withdrawn_at.is_(None)


class Boards:
    """Ideas are put on a board while it takes them, and voted for while there is a vote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, brainstorm_id: int, idea: NewBoardIdea) -> Placed | None:
        """The idea, now on the board; None when its event was seen before, or the board is closed.

        Raises ForgottenError when its author or an idea it comes from was erased meanwhile.
        """
        return next(iter(await self.add_all(brainstorm_id, [idea])), None)

    async def add_all(self, brainstorm_id: int, ideas: Sequence[NewBoardIdea]) -> Sequence[Placed]:
        """Several ideas in one transaction; those whose event was seen before are left out.

        Whoever adds holds the brainstorm meanwhile, so that numbers follow the order in which ideas are there.
        Raises ForgottenError as `add` does.
        """
        authors = {idea.person_id for idea in ideas if idea.person_id is not None}
        try:
            async with self._database.transaction() as session:
                if authors and not await hold_people(session, *authors):
                    raise ForgottenError(_GONE)
                if await phase_of(session, brainstorm_id, alone=True) in (None, Phase.ENDED):
                    return []
                for idea in ideas:
                    if idea.person_id is not None:
                        await note_participant(session, brainstorm_id, idea.person_id, idea.name)
                placed = [await _place(session, brainstorm_id, idea) for idea in ideas]
                return [one for one in placed if one is not None]
        except ConflictError as error:
            raise ForgottenError(_GONE) from error

    async def merge(self, duplicate_id: int, into_id: int) -> bool:
        """Makes one idea part of another, with its authors and votes; False where it cannot be.

        What was merged into the duplicate before goes with it.
        """
        async with self._database.transaction() as session:
            ids = sorted({duplicate_id, into_id})
            query = (
                select(BoardIdea)
                .where(BoardIdea.id.in_(ids))
                .order_by(BoardIdea.id)
                .with_for_update(**LOCKED)
            )
            ideas = {row.id: row for row in await session.scalars(query)}
            if len(ideas) < 2 or any(row.merged_into_id or row.withdrawn_at for row in ideas.values()):
                return False
            if len({row.brainstorm_id for row in ideas.values()}) > 1:
                return False
            ideas[duplicate_id].merged_into_id = into_id
            followers = update(BoardIdea).where(BoardIdea.merged_into_id == duplicate_id)
            await session.execute(followers.values(merged_into_id=into_id))
            await _move_votes(session, duplicate_id, into_id)
            return True

    async def cards(self, brainstorm_id: int) -> Sequence[CardOnBoard]:
        """Every idea that was not merged into another, in the order of their numbers."""
        async with self._database.session() as session:
            here = and_(BoardIdea.brainstorm_id == brainstorm_id, _STANDS)
            ideas = (await session.scalars(select(BoardIdea).where(here).order_by(BoardIdea.number))).all()
            votes = await session.scalars(select(BoardVote).where(BoardVote.brainstorm_id == brainstorm_id))
            origins = await session.scalars(
                select(BoardOrigin).join(BoardIdea, BoardIdea.id == BoardOrigin.idea_id).where(here)
            )
            return _cards(ideas, votes.all(), origins.all())

    async def texts(self, brainstorm_id: int) -> Sequence[tuple[int, str, str]]:
        """(id, title, body) of every idea that was not merged into another, in the order of their numbers."""
        query = select(BoardIdea.id, BoardIdea.title, BoardIdea.body).where(
            BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.merged_into_id.is_(None), _STANDS
        )
        async with self._database.session() as session:
            rows = await session.execute(query.order_by(BoardIdea.number))
            return [(row.id, row.title, row.body) for row in rows]

    async def of_event(self, brainstorm_id: int, event_id: str) -> Sequence[Placed]:
        """The ideas that came of an event: under its id, or under that and "#" and a number."""
        of_it = or_(
            BoardIdea.event_id == event_id, BoardIdea.event_id.startswith(f"{event_id}#", autoescape=True)
        )
        query = select(BoardIdea.id, BoardIdea.number).where(
            BoardIdea.brainstorm_id == brainstorm_id, of_it, _STANDS
        )
        async with self._database.session() as session:
            rows = await session.execute(query.order_by(BoardIdea.number))
            return [Placed(row.id, row.number) for row in rows]

    async def has_event(self, brainstorm_id: int, event_id: str) -> bool:
        """Whether an idea came in the event, also one that was taken off since."""
        query = select(BoardIdea.id).where(
            BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.event_id == event_id
        )
        async with self._database.session(urgent=True) as session:
            return await session.scalar(query) is not None

    async def numbered(self, brainstorm_id: int, numbers: Collection[int]) -> Mapping[int, int]:
        """The ids of the ideas that people call by `numbers`; of a merged one, what it was merged into."""
        shown = func.coalesce(BoardIdea.merged_into_id, BoardIdea.id)
        query = select(BoardIdea.number, shown).where(
            BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.number.in_(numbers), _STANDS
        )
        async with self._database.session() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def place_of(self, idea_id: int) -> Place | None:
        """The channel of the board that the idea is on, direct where it is somebody's own; None when it was erased."""
        query = (
            select(Channel)
            .join(Brainstorm, Brainstorm.channel_id == Channel.id)
            .join(BoardIdea, BoardIdea.brainstorm_id == Brainstorm.id)
            .where(BoardIdea.id == idea_id, _STANDS)
        )
        async with self._database.session() as session:
            row = await session.scalar(query)
            return None if row is None else place_of_channel(row)

    async def number_of(self, idea_id: int) -> int | None:
        """What people call the idea by; None when it was erased."""
        async with self._database.session() as session:
            found: int | None = await session.scalar(
                select(BoardIdea.number).where(BoardIdea.id == idea_id, _STANDS)
            )
            return found

    async def brainstorm_of(self, idea_id: int) -> int | None:
        """The brainstorm that the idea is or was on the board of; None when it was erased."""
        async with self._database.session() as session:
            query = select(BoardIdea.brainstorm_id).where(BoardIdea.id == idea_id)
            found: int | None = await session.scalar(query)
            return found

    async def event_of(self, idea_id: int) -> str:
        """The event that somebody's idea came in, for all ideas of a message the same; "" for one of Riff's."""
        query = select(BoardIdea.event_id).where(BoardIdea.id == idea_id, BoardIdea.person_id.is_not(None))
        async with self._database.session() as session:
            return (await session.scalar(query) or "").partition("#")[0]

    async def participants(self, brainstorm_id: int) -> Mapping[int, str]:
        """Who added ideas or voted, the first one first, each with their name or ""."""
        query = select(Participant).where(Participant.brainstorm_id == brainstorm_id)
        async with self._database.session() as session:
            rows = await session.scalars(query.order_by(Participant.id))
            return {row.person_id: row.name for row in rows}

    async def heard(self, brainstorm_ids: Collection[int]) -> Mapping[int, Heard]:
        """What people have put on each of the boards, ideas that were merged into others among it.

        What was taken off again was heard, but is no idea.
        """
        standing = func.count(BoardIdea.id).filter(_STANDS)
        query = (
            select(BoardIdea.brainstorm_id, standing, func.max(BoardIdea.created_at))
            .where(BoardIdea.brainstorm_id.in_(brainstorm_ids), BoardIdea.person_id.is_not(None))
            .group_by(BoardIdea.brainstorm_id)
        )
        async with self._database.session() as session:
            found = {row[0]: Heard(row[1], row[2]) for row in await session.execute(query)}
        return {brainstorm: found.get(brainstorm, Heard()) for brainstorm in brainstorm_ids}

    async def tallies(self, brainstorm_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """How many ideas stand on each board for themselves, and how many people take part."""
        of_ideas = BoardIdea.brainstorm_id.in_(brainstorm_ids), BoardIdea.merged_into_id.is_(None), _STANDS
        ideas = select(BoardIdea.brainstorm_id, func.count()).where(*of_ideas)
        people = select(Participant.brainstorm_id, func.count()).where(
            Participant.brainstorm_id.in_(brainstorm_ids)
        )
        async with self._database.session() as session:
            counted = await session.execute(ideas.group_by(BoardIdea.brainstorm_id))
            ideas_of = {row[0]: row[1] for row in counted}
            counted = await session.execute(people.group_by(Participant.brainstorm_id))
            people_of = {row[0]: row[1] for row in counted}
        return {one: (ideas_of.get(one, 0), people_of.get(one, 0)) for one in brainstorm_ids}

    async def vote(self, idea_id: int, person_id: int, name: str = "") -> Vote:
        """Casts the person's vote for the idea, or takes it back where it was cast.

        Raises ForgottenError when the person or the idea was erased meanwhile.
        """
        for _ in range(_TRIES):
            if vote := await self._vote_once(idea_id, person_id, name):
                return vote
        return Vote(Ballot.NONE_LEFT, 0, 0)

    async def _vote_once(self, idea_id: int, person_id: int, name: str) -> Vote | None:
        """None when another vote of the person's took the same slot at the same moment."""
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError(_GONE)
            idea = await session.get(BoardIdea, idea_id, with_for_update={"read": True})
            if idea is not None and idea.merged_into_id is not None:
                idea = await session.get(BoardIdea, idea.merged_into_id)
            if idea is None or idea.withdrawn_at is not None:
                raise ForgottenError(_GONE)
            if await phase_of(session, idea.brainstorm_id) is not Phase.VOTE:
                return Vote(Ballot.CLOSED, idea.number, 0)
            slots = await free_slots(session, idea.brainstorm_id, person_id)
            mine = BoardVote.person_id == person_id
            taken_back = delete(BoardVote).where(mine, BoardVote.idea_id == idea.id).returning(BoardVote.id)
            if await session.scalar(taken_back) is not None:
                return Vote(Ballot.TAKEN_BACK, idea.number, len(slots) + 1)
            if not slots:
                return Vote(Ballot.NONE_LEFT, idea.number, 0)
            await note_participant(session, idea.brainstorm_id, person_id, name)
            values = {"brainstorm_id": idea.brainstorm_id, "idea_id": idea.id, "person_id": person_id}
            added = await add_unless_there(session, BoardVote, {**values, "slot": slots[0]})
            return None if added is None else Vote(Ballot.CAST, idea.number, len(slots) - 1)


async def phase_of(session: AsyncSession, brainstorm_id: int, *, alone: bool = False) -> Phase | None:
    """The phase, which stays as it is until the transaction ends; `alone` keeps the others waiting meanwhile."""
    query = select(Brainstorm.phase).where(Brainstorm.id == brainstorm_id)
    found = await session.scalar(query.with_for_update(read=not alone))
    return None if found is None else Phase(found)


async def _place(session: AsyncSession, brainstorm_id: int, idea: NewBoardIdea) -> Placed | None:
    last = select(func.max(BoardIdea.number)).where(BoardIdea.brainstorm_id == brainstorm_id)
    number = int(await session.scalar(last) or 0) + 1
    values = {
        "brainstorm_id": brainstorm_id,
        "number": number,
        "person_id": idea.person_id,
        "event_id": idea.event_id,
        "title": idea.title,
        "body": idea.body,
    }
    added = await add_unless_there(session, BoardIdea, values)
    if added is None:
        return None
    session.add_all(BoardOrigin(idea_id=added, origin_id=one) for one in dict.fromkeys(idea.origins))
    await session.flush()
    return Placed(added, number)


async def note_participant(session: AsyncSession, brainstorm_id: int, person_id: int, name: str) -> None:
    """Everybody once; a new name takes the place of the old one."""
    values = {"brainstorm_id": brainstorm_id, "person_id": person_id, "name": name}
    new = insert_into(session, Participant).values(**values)
    key = ["brainstorm_id", "person_id"]
    renamed = new.on_conflict_do_update(index_elements=key, set_={"name": name})
    await session.execute(renamed if name else new.on_conflict_do_nothing())


async def free_slots(session: AsyncSession, brainstorm_id: int, person_id: int) -> list[int]:
    mine = BoardVote.brainstorm_id == brainstorm_id, BoardVote.person_id == person_id
    used = set(await session.scalars(select(BoardVote.slot).where(*mine)))
    each = select(Brainstorm.votes_each).where(Brainstorm.id == brainstorm_id)
    return sorted(set(range(1, int(await session.scalar(each) or 0) + 1)) - used)


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
        if origin.origin_id in shown:
            made_of[shown[origin.idea_id]].add(shown[origin.origin_id])
    return [
        CardOnBoard(
            id=idea.id,
            number=idea.number,
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


async def merge_on_boards(session: AsyncSession, keep: int, merge: int) -> None:
    """Before `merge` becomes `keep`: both took part once, and voted for each idea once, with one person's votes."""
    kept = select(Participant.brainstorm_id).where(Participant.person_id == keep)
    double = delete(Participant).where(Participant.person_id == merge, Participant.brainstorm_id.in_(kept))
    await session.execute(double, execution_options={"synchronize_session": False})
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
