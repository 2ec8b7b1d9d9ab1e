"""Codes by which a person shows that two accounts are theirs: asked for in one, entered and confirmed in the other."""

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import Identity, LinkCode, LinkTry
from storage.models.base import now
from storage.repositories.rows import hold_people, insert_into
from storage.values.personal import OpenLink
from storage.values.records import Account

MINUTES = 10
MOST_WRONG, WRONG_MINUTES = 5, 60
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that people mistake for each other."""
_LENGTH = 10
"""31^10 codes: guessing one of a thousand open ones takes 8 * 10^11 tries on average."""
_GONE = "What Riff knew of you was erased meanwhile; ask again."


class Links:
    """One open code for each person; it is entered in one account, confirmed there, and works for ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def new_code(
        self, person_id: int, account: Account, *, name: str = "", workspace_name: str = "", locale: str = ""
    ) -> str:
        """A new code in place of the person's earlier one; raises ForgottenError when the person is gone.

        `account` is theirs, with its `name` and that of its workspace as others see them.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        values: dict[str, Any] = {
            "digest": _digest(code),
            "expires_at": now() + timedelta(minutes=MINUTES),
            "name": name,
            "workspace_name": workspace_name,
            "locale": locale,
            "entered_by_id": None,
        }
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError(_GONE)
            values["identity_id"] = await _identity(session, account)
            new = insert_into(session, LinkCode).values(person_id=person_id, **values)
            await session.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=values))
        return f"{code[:5]}-{code[5:]}"

    async def enter(self, code: str, by: Account) -> OpenLink | None:
        """Whose open code it is, which only the account `by` can confirm from now on; nothing is joined yet.

        None for a code that is wrong, too old, or was entered elsewhere.
        """
        async with self._database.transaction() as session:
            await session.execute(delete(LinkCode).where(LinkCode.expires_at <= now()))
            identity = await _identity(session, by)
            earlier = LinkCode.entered_by_id == identity, LinkCode.digest != _digest(code)
            await session.execute(update(LinkCode).where(*earlier).values(entered_by_id=None))
            free = or_(LinkCode.entered_by_id.is_(None), LinkCode.entered_by_id == identity)
            found = update(LinkCode).where(LinkCode.digest == _digest(code), free)
            link = await session.scalar(found.values(entered_by_id=identity).returning(LinkCode.id))
            return None if link is None else await _value(session, link)

    async def take(self, by: Account, link_id: int | None = None) -> OpenLink | None:
        """The link that the account entered, used up now; None where there is none (any more), or not that one."""
        async with self._database.transaction() as session:
            identity = await _identity(session, by)
            mine = [LinkCode.entered_by_id == identity, LinkCode.expires_at > now()]
            if link_id is not None:
                mine.append(LinkCode.id == link_id)
            found = await session.scalar(select(LinkCode.id).where(*mine).with_for_update())
            if found is None:
                return None
            link = await _value(session, found)
            await session.execute(delete(LinkCode).where(LinkCode.id == found))
            return link

    async def note_wrong(self, person_id: int) -> None:
        """The person entered a code that is none."""
        async with self._database.transaction() as session:
            if not await hold_people(session, person_id):
                raise ForgottenError(_GONE)
            await session.execute(delete(LinkTry).where(LinkTry.tried_at <= _since()))
            session.add(LinkTry(person_id=person_id))

    async def may_try(self, person_id: int) -> bool:
        """Whether the person has entered few enough wrong codes lately."""
        lately = LinkTry.person_id == person_id, LinkTry.tried_at > _since()
        async with self._database.session() as session:
            wrong = await session.scalar(select(func.count()).where(*lately))
            return (wrong or 0) < MOST_WRONG


def _since() -> datetime:
    return now() - timedelta(minutes=WRONG_MINUTES)


async def _identity(session: AsyncSession, account: Account) -> int:
    found: int | None = await session.scalar(select(Identity.id).filter_by(**asdict(account)))
    if found is None:
        raise ForgottenError(_GONE)
    return found


async def _value(session: AsyncSession, link_id: int) -> OpenLink:
    query = select(LinkCode, Identity).join(Identity, Identity.id == LinkCode.identity_id)
    row, account = (await session.execute(query.where(LinkCode.id == link_id))).one()
    return OpenLink(
        row.id,
        row.person_id,
        Account(account.platform, account.workspace, account.external_id),
        row.name,
        row.workspace_name,
        row.locale,
    )


def _digest(code: str) -> str:
    """Of the code as people type it: case, spaces and dashes do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
