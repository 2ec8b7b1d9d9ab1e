"""Links to the live page of a board: made with a secret that is not kept, found by it, taken back."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from storage.database import Database
from storage.models import BoardLink, Brainstorm
from storage.models.base import now
from storage.repositories.rows import LOCKED

_BYTES = 32
_CHARACTERS = 43
"""Of `_BYTES` in base 64."""


class BoardLinks:
    """A board may have any number of links; they are taken back together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, brainstorm_id: int, expires_at: datetime) -> str | None:
        """The secret of a new link, which is told this once; None where there is no such brainstorm any more.

        Links that have ended are forgotten by the way.
        """
        secret = secrets.token_urlsafe(_BYTES)
        async with self._database.transaction() as session:
            there = select(Brainstorm.id).where(Brainstorm.id == brainstorm_id).with_for_update(**LOCKED)
            if await session.scalar(there) is None:
                return None
            await session.execute(delete(BoardLink).where(BoardLink.expires_at <= now()))
            session.add(BoardLink(brainstorm_id=brainstorm_id, digest=_digest(secret), expires_at=expires_at))
        return secret

    async def find(self, secret: str) -> tuple[int, int] | None:
        """The ids of the link and of its brainstorm; None for a secret that is wrong, has ended or was taken back."""
        if len(secret) != _CHARACTERS:
            return None
        query = select(BoardLink.id, BoardLink.brainstorm_id).where(
            BoardLink.digest == _digest(secret), BoardLink.expires_at > now()
        )
        async with self._database.session() as session:
            row = (await session.execute(query)).one_or_none()
            return None if row is None else (row[0], row[1])

    async def open_of(self, brainstorm_id: int) -> Collection[int]:
        """The ids of the board's links that can be opened."""
        query = select(BoardLink.id).where(
            BoardLink.brainstorm_id == brainstorm_id, BoardLink.expires_at > now()
        )
        async with self._database.session() as session:
            return frozenset(await session.scalars(query))

    async def revoke(self, brainstorm_id: int) -> int:
        """Takes all links to a board back; how many could still be opened."""
        gone = delete(BoardLink).where(BoardLink.brainstorm_id == brainstorm_id)
        async with self._database.transaction() as session:
            ends = (await session.scalars(gone.returning(BoardLink.expires_at))).all()
        return sum(end > now() for end in ends)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
