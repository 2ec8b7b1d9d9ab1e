"""What people use, and the quotas that hold however many processes answer them, on whichever platform.

A person is counted under a lock of their own row, a workspace under that of its settings: exact, not about.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import CountedPrompt, Identity, Person, ScopeSettings
from storage.models import Usage as UsageRow
from storage.models.base import now
from storage.repositories.rows import Insert, add_unless_there, dialect_of, insert_for
from storage.values.personal import Counts, Exceeded, Quota
from storage.values.records import Account, Scope

_GONE = "What Riff knew of you was erased meanwhile; ask again."
_MINUTE = timedelta(minutes=1)
_COUNTED_FOR = timedelta(hours=1)
_DAYS_KEPT = 400
_NAMES = tuple(field.name for field in fields(Counts))
_DAY_KEY = ("person_id", "platform", "workspace", "day")


class Usage:
    """Days and months are those of UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self, person_id: int, message_id: int, scope: Scope, quota: Quota, quota_of: Scope | None = None
    ) -> Exceeded | None:
        """Counts the prompt, or says which limit it would break; one that was counted before is let through.

        The limits of a person count what they ask anywhere; `scope` is the workspace where this was asked, and
        `quota_of` the settings scope that its own limit is kept in. Raises ForgottenError.
        """
        moment = now()
        async with self._database.transaction() as session:
            if not await _lock_person(session, person_id):
                raise ForgottenError(_GONE)
            if quota.in_workspace and quota_of is not None:
                await session.scalar(
                    select(ScopeSettings.id).filter_by(**asdict(quota_of)).with_for_update(key_share=True)
                )
            if quota != Quota():
                known = select(CountedPrompt.id).where(CountedPrompt.message_id == message_id)
                if await session.scalar(known) is not None:
                    return None
                if exceeded := await _exceeded(session, person_id, scope, quota, moment):
                    return exceeded
            await _count(session, person_id, message_id, scope, moment)
            return None

    async def add(self, person_id: int, scope: Scope, used: Counts) -> None:
        """Adds to what the person used today; nothing where they were erased meanwhile."""
        async with self._database.transaction() as session:
            if await _lock_person(session, person_id):
                await _add(session, person_id, scope, now(), used)

    async def purge(self) -> None:
        """Erases prompts that no limit counts any more, and days longer ago than anybody asks for."""
        moment = now()
        async with self._database.transaction() as session:
            await session.execute(delete(CountedPrompt).where(CountedPrompt.asked_at < moment - _COUNTED_FOR))
            last = _day(moment - timedelta(days=_DAYS_KEPT))
            await session.execute(delete(UsageRow).where(UsageRow.day < last))

    async def of_person(self, person_id: int, moment: datetime) -> tuple[Counts, Counts]:
        """What the person used on the day of `moment`, and in its month, everywhere."""
        own = UsageRow.person_id == person_id
        async with self._database.session() as session:
            return await _sum(session, own, _day(moment)), await _sum(session, own, _day(moment)[:7])

    async def of_workspaces(
        self, period: str, scope: Scope | None = None
    ) -> Sequence[tuple[Scope, int, Counts]]:
        """For each workspace its people and what they used in a period: the beginning of days, as "2026-11"."""
        where = [UsageRow.day.startswith(period, autoescape=True)]
        if scope is not None:
            where += [UsageRow.platform == scope.platform, UsageRow.workspace == scope.workspace]
        query = (
            select(
                UsageRow.platform,
                UsageRow.workspace,
                func.count(UsageRow.person_id.distinct()).label("people"),
                *_sums(),
            )
            .where(*where)
            .group_by(UsageRow.platform, UsageRow.workspace)
            .order_by(func.sum(UsageRow.prompts).desc(), UsageRow.platform, UsageRow.workspace)
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return [(Scope(row.platform, row.workspace), row.people, _counts(row)) for row in rows]

    async def of_people(self, period: str, scope: Scope, limit: int) -> Sequence[tuple[Account, Counts]]:
        """Who used most in a workspace in a period, by their oldest account of that platform."""
        own = aliased(Identity)
        first = (
            select(func.min(own.id))
            .where(own.person_id == UsageRow.person_id, own.platform == scope.platform)
            .scalar_subquery()
        )
        query = (
            select(Identity, *_sums())
            .join(Identity, Identity.id == first)
            .where(UsageRow.day.startswith(period, autoescape=True))
            .where(UsageRow.platform == scope.platform, UsageRow.workspace == scope.workspace)
            .group_by(Identity.id)
            .order_by(func.sum(UsageRow.prompts).desc(), Identity.id)
            .limit(limit)
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return [
            (Account(row[0].platform, row[0].workspace, row[0].external_id), _counts(row)) for row in rows
        ]

    async def erase_before_today(self, person_id: int) -> None:
        """Forgets what the person used before today, which no quota counts any more."""
        old = UsageRow.person_id == person_id, UsageRow.day < _day(now())
        async with self._database.transaction() as session:
            await session.execute(delete(UsageRow).where(*old))


async def _lock_person(session: AsyncSession, person_id: int) -> bool:
    """One transaction at a time for each person; those that only hold the person go on."""
    return await session.scalar(_person_locked(), {"person": person_id}) is not None


@cache
def _person_locked() -> Select[int]:
    """Made once: making it takes longer than asking it. Its parameter: `person`."""
    return select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)


async def _exceeded(
    session: AsyncSession, person_id: int, scope: Scope, quota: Quota, moment: datetime
) -> Exceeded | None:
    here = CountedPrompt.platform == scope.platform, CountedPrompt.workspace == scope.workspace
    if quota.in_minute:
        seconds = await _until_room(session, (CountedPrompt.person_id == person_id,), quota.in_minute, moment)
        if seconds:
            return Exceeded("in_minute", quota.in_minute, seconds)
    if quota.in_workspace:
        seconds = await _until_room(session, here, quota.in_workspace, moment)
        if seconds:
            return Exceeded("in_workspace", quota.in_workspace, seconds)
    if quota.in_day:
        used = await _sum(session, UsageRow.person_id == person_id, _day(moment))
        if used.prompts >= quota.in_day:
            midnight = datetime.combine(moment.astimezone(UTC).date(), datetime.min.time(), UTC)
            return Exceeded(
                "in_day", quota.in_day, int((midnight + timedelta(days=1) - moment).total_seconds())
            )
    return None


async def _until_room(
    session: AsyncSession, whose: tuple[ColumnElement[bool], ...], most: int, moment: datetime
) -> int:
    """Seconds until one of the last `most` prompts is a minute old; 0 where there is room."""
    query = (
        select(CountedPrompt.asked_at)
        .where(*whose, CountedPrompt.asked_at > moment - _MINUTE)
        .order_by(CountedPrompt.asked_at.desc())
        .offset(most - 1)
        .limit(1)
    )
    oldest = await session.scalar(query)
    return 0 if oldest is None else max(1, round((oldest + _MINUTE - moment).total_seconds()))


async def _count(
    session: AsyncSession, person_id: int, message_id: int, scope: Scope, moment: datetime
) -> None:
    values = {"message_id": message_id, "person_id": person_id, "asked_at": moment}
    place = {"platform": scope.platform, "workspace": scope.workspace}
    if await add_unless_there(session, CountedPrompt, {**values, **place}) is not None:
        await _add(session, person_id, scope, moment, Counts(prompts=1))


async def _add(session: AsyncSession, person_id: int, scope: Scope, moment: datetime, used: Counts) -> None:
    key = {
        "person_id": person_id,
        "platform": scope.platform,
        "workspace": scope.workspace,
        "day": _day(moment),
    }
    await session.execute(_added_up(dialect_of(session)), {**key, **asdict(used)})


@cache
def _added_up(dialect: str) -> Insert:
    """Made once. Its parameters: the key of a row, and what is added to it."""
    table = UsageRow.__table__
    new = insert_for(dialect, table)
    more = {name: table.c[name] + new.excluded[name] for name in _NAMES}
    return new.on_conflict_do_update(index_elements=list(_DAY_KEY), set_=more)


async def merge_usage(session: AsyncSession, keep: int, merge: int) -> None:
    """Before `merge` becomes `keep`: days in the same workspace are added up."""
    rows = (await session.scalars(select(UsageRow).where(UsageRow.person_id == merge))).all()
    for row in rows:
        kept = await session.scalar(
            select(UsageRow).filter_by(
                person_id=keep, platform=row.platform, workspace=row.workspace, day=row.day
            )
        )
        if kept is None:
            continue
        for name in _NAMES:
            setattr(kept, name, getattr(kept, name) + getattr(row, name))
        await session.delete(row)
    await session.flush()


async def _sum(session: AsyncSession, whose: ColumnElement[bool], period: str) -> Counts:
    query = select(*_sums()).where(whose, UsageRow.day.startswith(period, autoescape=True))
    return _counts((await session.execute(query)).one())


def _sums() -> list[Any]:
    return [func.coalesce(func.sum(getattr(UsageRow, name)), 0).label(name) for name in _NAMES]


def _counts(row: Row[Any]) -> Counts:
    return Counts(**{name: int(getattr(row, name)) for name in _NAMES})


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
