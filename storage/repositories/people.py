"""Persons, their accounts and their profiles."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ConflictError, ForgottenError
from storage.models import Identity, Person
from storage.models import Profile as ProfileRow
from storage.models.base import now
from storage.repositories.linking import forget_brought, join, part
from storage.repositories.preferences import Preference, checked, cleared
from storage.repositories.rows import add_unless_there, insert_into
from storage.values.records import Account, Profile

_GONE = "What Riff knew of this person was erased meanwhile; ask again."


class People:
    """Persons are told apart by their accounts; a person is named by an id that is never given again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, account: Account) -> int | None:
        """The id of the person behind the account, or None for somebody unknown."""
        async with self._database.session() as session:
            return await _person_of(session, account)

    async def known(self, account: Account) -> tuple[int, Profile] | None:
        """The person behind the account with their profile; None for somebody unknown."""
        async with self._database.session() as session:
            found = (await session.execute(_known_person(), asdict(account))).one_or_none()
            return None if found is None else (found[0], _profile_value(found[1]))

    async def find_or_create(self, account: Account) -> int:
        """The id of the person behind the account, made when there is none; calls may come at once."""
        found = await self.find(account)
        if found is not None:
            return found
        async with self._database.transaction() as session:
            return await _person_of(session, account) or await _add_person(session, account)

    async def accounts(self, person_id: int) -> tuple[Account, ...]:
        """The person's accounts, the oldest first."""
        query = select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)
        async with self._database.session() as session:
            rows = await session.scalars(query)
            return tuple(_account(row) for row in rows)

    async def link(self, account: Account, other: Account) -> int:
        """Makes both accounts one person, who keeps all that either had, and gives that person's id.

        Where both profiles say something, that of `account` stays. The caller has made sure that the same
        human is behind both. Raises SameWorkspaceError for two accounts of one workspace, and ForgottenError.
        """
        keep, merge = await self.find_or_create(account), await self.find_or_create(other)
        if keep == merge:
            return keep
        async with self._database.transaction() as session:
            both = select(Person.id).where(Person.id.in_((keep, merge))).order_by(Person.id).with_for_update()
            if len((await session.scalars(both)).all()) < 2:
                raise ForgottenError(_GONE)
            await join(session, keep, merge)
        return keep

    async def unlink(self, person_id: int, account: Account) -> bool:
        """Takes an account from the person, with what it brought; False for their only one, or none of theirs.

        What was said and made by way of the account goes with it, whenever that was.
        """
        async with self._database.transaction() as session:
            locked = select(Person.id).where(Person.id == person_id).with_for_update()
            if await session.scalar(locked) is None:
                return False
            theirs = (await session.scalars(select(Identity).where(Identity.person_id == person_id))).all()
            wanted = next((one for one in theirs if _account(one) == account), None)
            if wanted is None or len(theirs) < 2:
                return False
            await part(session, person_id, wanted)
            return True

    async def profile(self, person_id: int) -> Profile:
        """The person's profile; blank when nothing was said."""
        async with self._database.session() as session:
            return _profile_value(await session.get(ProfileRow, person_id))

    async def update_profile(self, person_id: int, changes: Mapping[str, Preference]) -> Profile:
        """Sets the named fields and gives the whole profile.

        Raises InvalidValueError for an unknown field or a value that does not fit, and ForgottenError.
        """
        return await self._change_profile(person_id, checked(Profile, changes))

    async def clear_profile_field(self, person_id: int, name: str) -> Profile:
        """Makes one field blank and gives the whole profile; raises InvalidValueError as updating does."""
        return await self._change_profile(person_id, cleared(Profile, name))

    async def _change_profile(self, person_id: int, changes: Mapping[str, str | list[str]]) -> Profile:
        try:
            async with self._database.transaction() as session:
                new = insert_into(session, ProfileRow).values(person_id=person_id, **changes)
                updates = {**changes, "updated_at": now()}
                await session.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=updates))
                await forget_brought(session, person_id, changes)
                return _profile_value(await session.get(ProfileRow, person_id))
        except ConflictError as error:
            raise ForgottenError(_GONE) from error


async def _person_of(session: AsyncSession, account: Account) -> int | None:
    found: int | None = await session.scalar(select(Identity.person_id).filter_by(**asdict(account)))
    return found


@cache
def _known_person() -> Select[int, ProfileRow]:
    """Made once: making it takes longer than asking it. Its parameters are the fields of an account."""
    key = (getattr(Identity, field.name) == bindparam(field.name) for field in fields(Account))
    profile = ProfileRow.person_id == Identity.person_id
    return select(Identity.person_id, ProfileRow).outerjoin(ProfileRow, profile).where(*key)


async def _add_person(session: AsyncSession, account: Account) -> int:
    """Somebody else may add the same account at the same moment: then theirs is taken and ours undone."""
    person = Person()
    session.add(person)
    await session.flush()
    if await add_unless_there(session, Identity, {**asdict(account), "person_id": person.id}) is not None:
        return person.id
    await session.delete(person)
    await session.flush()
    found = await _person_of(session, account)
    if found is None:
        raise ForgottenError(_GONE)
    return found


def _account(row: Identity) -> Account:
    return Account(row.platform, row.workspace, row.external_id)


def _profile_value(row: ProfileRow | None) -> Profile:
    if row is None:
        return Profile()
    return Profile(**{field.name: _frozen(getattr(row, field.name)) for field in fields(Profile)})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
