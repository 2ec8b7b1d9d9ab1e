"""Codes with which a person shows that two accounts are theirs: asked for in one, entered in the other."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import LinkCode
from storage.models.base import now
from storage.repositories.rows import hold_people, insert_into

MINUTES = 10
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that people mistake for each other."""
_LENGTH = 10
"""31^10 codes: guessing one of a thousand open ones takes 8 * 10^11 tries on average."""


class Links:
    """One open code for each person; a code works once and for ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def new_code(self, person_id: int) -> str:
        """A new code in place of the person's earlier one; raises ForgottenError when the person is gone."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        values = {"digest": _digest(code), "expires_at": now() + timedelta(minutes=MINUTES)}
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError("What Riff knew of you was erased meanwhile; ask again.")
            new = insert_into(session, LinkCode).values(person_id=person_id, **values)
            await session.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=values))
        return f"{code[:5]}-{code[5:]}"

    async def take(self, code: str) -> int | None:
        """Whose open code it is; it is used up now. None for a code that is wrong, used or too old."""
        async with self._database.transaction() as session:
            await session.execute(delete(LinkCode).where(LinkCode.expires_at <= now()))
            used = delete(LinkCode).where(LinkCode.digest == _digest(code)).returning(LinkCode.person_id)
            person_id: int | None = await session.scalar(used)
            return person_id


def _digest(code: str) -> str:
    """Of the code as people type it: case, spaces and dashes do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
