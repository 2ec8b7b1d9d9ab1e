"""What one person votes for on a board, read and set as a whole: doing it twice changes nothing."""

from collections.abc import Collection

from sqlalchemy import delete, func, select

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import BoardIdea, BoardVote, Brainstorm
from storage.repositories.boards import free_slots, note_participant, phase_of
from storage.repositories.rows import add_unless_there, hold_people
from storage.values.brainstorms import ChosenVotes, Phase

_TRIES = 8


class Ballots:
    """Each person's votes of a brainstorm that votes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, brainstorm_id: int, person_id: int) -> ChosenVotes:
        """The ideas that the person votes for, and how many votes are left."""
        mine = BoardVote.brainstorm_id == brainstorm_id, BoardVote.person_id == person_id
        async with self._database.session() as session:
            ideas = frozenset(await session.scalars(select(BoardVote.idea_id).where(*mine)))
            left = len(await free_slots(session, brainstorm_id, person_id))
            return ChosenVotes(ideas, left)

    async def choose(
        self,
        brainstorm_id: int,
        person_id: int,
        chosen: Collection[int],
        among: Collection[int],
        name: str = "",
    ) -> ChosenVotes | None:
        """Makes the person's votes among some ideas those that are `chosen`, as far as there are votes left.

        None where there is no vote. Raises ForgottenError when the person was erased meanwhile.
        """
        for _ in range(_TRIES):
            if await self._choose_once(brainstorm_id, person_id, chosen, among, name):
                return await self.of(brainstorm_id, person_id)
            async with self._database.session() as session:
                query = select(Brainstorm.phase).where(Brainstorm.id == brainstorm_id)
                if await session.scalar(query) != Phase.VOTE:
                    return None
        return await self.of(brainstorm_id, person_id)

    async def _choose_once(
        self,
        brainstorm_id: int,
        person_id: int,
        chosen: Collection[int],
        among: Collection[int],
        name: str,
    ) -> bool:
        """False where there is no vote, or another vote of the person's took a slot at the same moment."""
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError("This person was erased meanwhile.")
            if await phase_of(session, brainstorm_id) is not Phase.VOTE:
                return False
            shown = func.coalesce(BoardIdea.merged_into_id, BoardIdea.id)
            here = BoardIdea.brainstorm_id == brainstorm_id, BoardIdea.withdrawn_at.is_(None)
            wanted = set(await session.scalars(select(shown).where(*here, BoardIdea.id.in_(chosen))))
            mine = BoardVote.brainstorm_id == brainstorm_id, BoardVote.person_id == person_id
            dropped = delete(BoardVote).where(
                *mine, BoardVote.idea_id.in_(among), BoardVote.idea_id.not_in(wanted)
            )
            await session.execute(dropped, execution_options={"synchronize_session": False})
            held = set(await session.scalars(select(BoardVote.idea_id).where(*mine)))
            slots = await free_slots(session, brainstorm_id, person_id)
            for idea, slot in zip(sorted(wanted - held), slots, strict=False):
                values = {"brainstorm_id": brainstorm_id, "idea_id": idea, "person_id": person_id}
                if await add_unless_there(session, BoardVote, {**values, "slot": slot}) is None:
                    return False
            if wanted:
                await note_participant(session, brainstorm_id, person_id, name)
            return True
