"""Whether a board has changed: one look that costs little, for pages that follow it."""

import hashlib

from sqlalchemy import Select, func, select

from storage.database import Database
from storage.models import BoardIdea, BoardOrigin, BoardVote, Brainstorm, Participant


class BoardChanges:
    """Rows are read as they are, without making objects of them: this is asked several times a second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, brainstorm_id: int) -> str | None:
        """A digest of all that can be seen of a board, the same as long as nothing changes; None where it is gone."""
        digest = hashlib.blake2b(digest_size=16)
        async with self._database.session() as session:
            for at, query in enumerate(_queries(brainstorm_id)):
                rows = (await session.execute(query)).all()
                if at == 0 and not rows:
                    return None
                digest.update(repr([tuple(row) for row in rows]).encode())
        return digest.hexdigest()


def _queries(brainstorm_id: int) -> tuple[Select[*tuple[object, ...]], ...]:
    """The brainstorm's own row first."""
    board = Brainstorm
    idea = BoardIdea
    votes = func.count(), func.max(BoardVote.id), func.sum(BoardVote.idea_id * BoardVote.person_id)
    return (
        select(
            board.phase,
            board.step,
            board.phase_ends_at,
            board.paused_seconds,
            board.ended_at,
            board.outcome,
            board.themes,
        ).where(board.id == brainstorm_id),
        select(idea.id, idea.title, idea.body, idea.person_id, idea.merged_into_id, idea.withdrawn_at)
        .where(idea.brainstorm_id == brainstorm_id)
        .order_by(idea.id),
        select(*votes).where(BoardVote.brainstorm_id == brainstorm_id),
        select(Participant.person_id, Participant.name)
        .where(Participant.brainstorm_id == brainstorm_id)
        .order_by(Participant.id),
        select(func.count())
        .select_from(BoardOrigin)
        .join(idea, idea.id == BoardOrigin.idea_id)
        .where(idea.brainstorm_id == brainstorm_id),
    )
