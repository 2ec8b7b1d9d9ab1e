"""The durable inbox: events are kept before they are acknowledged, and leased to whoever answers them.

Several processes may share it. On PostgreSQL they pass over each other's rows (FOR UPDATE SKIP LOCKED,
https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE); on SQLite a writing transaction
has the database to itself, which comes to the same. What a platform's event means is not known here.

What a handler notes beside an event that it works on is for whoever takes the event up after a crash; it goes with
the event's payload when the event is done.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from storage.database import Database
from storage.lease_clock import LONGEST_LEASE_SECONDS, LeaseClock, moment_in
from storage.models import InboxEvent
from storage.models.base import now
from storage.repositories.rows import insert_into
from storage.values.records import Account, ClaimedEvent, NewEvent

_WAITING, _WORKING, _DONE = "waiting", "working", "done"


class Inbox:
    """Events wait, are worked on under a lease, and are done; of each thread one at a time, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock = database.lease_clock
        self.hurry = database.hurry
        """While held, the work on answers waits a moment at the database."""

    async def add(self, events: Sequence[NewEvent]) -> frozenset[tuple[str, str]]:
        """Keeps the events in one transaction; gives the (platform, event id) of those not known before."""
        async with self._database.transaction(urgent=True) as session:
            return await keep_events(session, events, self._clock)

    async def claim(
        self, platform: str, owner: str, limit: int, lease_seconds: float
    ) -> tuple[ClaimedEvent, ...]:
        """Leases up to `limit` events to `owner`: each the first of its thread, the longest waiting threads first.

        An event whose lease ran out, because its owner died, is claimed as one that waits.
        """
        async with self._database.transaction() as session:
            moment = await self._clock.moment(session)
            longest = moment + timedelta(seconds=LONGEST_LEASE_SECONDS)
            asked = {"of_platform": platform, "moment": moment, "longest": longest, "most": limit}
            rows = (await session.scalars(_claimable(), asked)).all()
            for row in rows:
                row.state, row.owner, row.attempts = _WORKING, owner, row.attempts + 1
                row.leased_until = moment + timedelta(seconds=lease_seconds)
            return tuple(map(_claimed_value, rows))

    async def renew(
        self, owner: str, ids: Collection[int], lease_seconds: float
    ) -> tuple[Mapping[int, bool], Collection[int]]:
        """Extends the owner's leases: for each that it still has, whether somebody asked to stop the work; those lost.

        An event that was erased with the person who sent it is neither: nobody else can take it up.
        """
        async with self._database.transaction() as session:
            until = await self._clock.moment(session) + timedelta(seconds=lease_seconds)
            held = update(InboxEvent).where(InboxEvent.id.in_(ids), _held_by(owner))
            renewed = await session.execute(
                held.values(leased_until=until).returning(InboxEvent.id, InboxEvent.stop_requested)
            )
            kept = {row.id: row.stop_requested for row in renewed}
            others = select(InboxEvent.id).where(InboxEvent.id.in_(set(ids) - kept.keys()))
            return kept, set(await session.scalars(others)) if len(kept) < len(ids) else set()

    async def finish(self, owner: str, events: Sequence[ClaimedEvent]) -> frozenset[int]:
        """The events are answered: their payloads go, and their threads go to the end of the line.

        Gives the ids of those whose lease the owner had not lost meanwhile.
        """
        async with self._database.transaction() as session:
            moment, is_postgres = self._clock.parameters(), self._clock.is_postgres
            ended = {"of_owner": owner, "ids": [one.id for one in events], **moment}
            kept = frozenset(await session.scalars(_finished(is_postgres=is_postgres), ended))
            threads = {(one.platform, one.thread) for one in events if one.id in kept}
            if threads:
                await session.execute(
                    _to_the_end(is_postgres=is_postgres), {"threads": sorted(threads), **moment}
                )
            return kept

    async def release(self, owner: str, event: ClaimedEvent, *, after_seconds: float = 0) -> bool:
        """Gives the event back, to be claimed again `after_seconds`; False when the lease was lost meanwhile."""
        async with self._database.transaction() as session:
            ready = await self._clock.moment(session) + timedelta(seconds=after_seconds)
            own = update(InboxEvent).where(InboxEvent.id == event.id, _held_by(owner))
            waiting = own.values(state=_WAITING, owner=None, leased_until=None, queued_at=ready)
            return await session.scalar(waiting.returning(InboxEvent.id)) is not None

    async def request_stop(self, platform: str, event_id: str) -> bool:
        """Asks whoever works on the event, in whatever process, to stop; False when nobody needs to."""
        query = update(InboxEvent).where(
            InboxEvent.platform == platform, InboxEvent.event_id == event_id, InboxEvent.state != _DONE
        )
        async with self._database.transaction() as session:
            return (
                await session.scalar(query.values(stop_requested=True).returning(InboxEvent.id)) is not None
            )

    async def asked_by(self, platform: str, event_id: str) -> tuple[Account, Mapping[str, Any]] | None:
        """Who the event came from, and what it says; None for one that is done or unknown."""
        query = select(InboxEvent).where(
            InboxEvent.platform == platform, InboxEvent.event_id == event_id, InboxEvent.state != _DONE
        )
        async with self._database.session() as session:
            row = await session.scalar(query)
            if row is None:
                return None
            return Account(row.platform, row.workspace, row.author), row.payload or {}

    async def working_in(self, platform: str, thread: str) -> tuple[str, ...]:
        """The events of the thread that are being answered now."""
        query = select(InboxEvent.event_id).where(
            InboxEvent.platform == platform, InboxEvent.thread == thread, InboxEvent.state == _WORKING
        )
        async with self._database.session() as session:
            return tuple(await session.scalars(query))

    async def knows_thread(self, platform: str, thread: str) -> bool:
        """Whether any event of the thread was kept, also one that is done, until it is purged."""
        query = select(InboxEvent.id).where(InboxEvent.platform == platform, InboxEvent.thread == thread)
        async with self._database.session(urgent=True) as session:
            return await session.scalar(query.limit(1)) is not None

    async def unfinished(self, platform: str, thread: str | None = None) -> int:
        """How many of the platform's events, or of one thread's, wait or are worked on."""
        query = select(func.count()).where(InboxEvent.platform == platform, InboxEvent.state != _DONE)
        if thread is not None:
            query = query.where(InboxEvent.thread == thread)
        async with self._database.session() as session:
            return int(await session.scalar(query) or 0)

    async def purge(self, days: float) -> int:
        """Erases what was done longer ago than any platform delivers an event again; gives how many."""
        old = delete(InboxEvent).where(
            InboxEvent.state == _DONE, InboxEvent.done_at < now() - timedelta(days=days)
        )
        async with self._database.transaction() as session:
            return len((await session.execute(old.returning(InboxEvent.id))).all())


async def keep_events(
    session: AsyncSession, events: Sequence[NewEvent], clock: LeaseClock
) -> frozenset[tuple[str, str]]:
    """Adds the events within a transaction; gives the (platform, event id) of those not known before."""
    rows = [
        {
            "platform": event.author.platform,
            "workspace": event.author.workspace,
            "author": event.author.external_id,
            "event_id": event.event_id,
            "thread": event.thread,
            "sent_at": event.sent_at,
            "payload": event.payload,
        }
        for event in events
    ]
    insert = insert_into(session, InboxEvent).on_conflict_do_nothing()
    added = await session.execute(
        insert.values(queued_at=clock.in_statement()).returning(InboxEvent.platform, InboxEvent.event_id),
        rows,
    )
    return frozenset((platform, event_id) for platform, event_id in added)


@cache
def _claimable() -> Select[InboxEvent]:
    """Made once: making it takes longer than asking it.

    Its parameters: `of_platform`, `moment`, `longest` (the end of the longest lease there can be), `most`.
    """
    moment = bindparam("moment", type_=InboxEvent.leased_until.type)
    other = aliased(InboxEvent)
    is_earlier = tuple_(other.sent_at, other.id) < tuple_(InboxEvent.sent_at, InboxEvent.id)
    longest = bindparam("longest", type_=InboxEvent.leased_until.type)
    is_in_work = and_(
        other.state == _WORKING,
        other.leased_until > moment,
        other.leased_until <= longest,
        other.id != InboxEvent.id,
    )
    blocked = exists().where(
        other.platform == InboxEvent.platform,
        other.thread == InboxEvent.thread,
        other.state != _DONE,
        or_(is_earlier, is_in_work),
    )
    free = or_(
        and_(InboxEvent.state == _WAITING, InboxEvent.queued_at <= moment),
        and_(
            InboxEvent.state == _WORKING,
            or_(InboxEvent.leased_until <= moment, InboxEvent.leased_until > longest),
        ),
    )
    return (
        select(InboxEvent)
        .where(InboxEvent.platform == bindparam("of_platform"), free, ~blocked)
        .order_by(InboxEvent.queued_at, InboxEvent.sent_at, InboxEvent.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


@cache
def _finished(*, is_postgres: bool) -> ReturningUpdate[int]:
    """Made once. Its parameters: `ids`, `of_owner`, and those of the clock."""
    table = cast(Table, InboxEvent.__table__)
    held = table.c.state == _WORKING, table.c.owner == bindparam("of_owner")
    own = update(table).where(table.c.id.in_(bindparam("ids", expanding=True)), *held)
    moment = moment_in(is_postgres=is_postgres)
    done = own.values(state=_DONE, payload=null(), owner=null(), leased_until=null(), done_at=moment)
    return done.returning(table.c.id)


@cache
def _to_the_end(*, is_postgres: bool) -> Update:
    """Made once. Its parameters: `threads`, and those of the clock."""
    table = cast(Table, InboxEvent.__table__)
    key = tuple_(table.c.platform, table.c.thread).in_(bindparam("threads", expanding=True))
    rest = update(table).where(key, table.c.state == _WAITING)
    return rest.values(queued_at=moment_in(is_postgres=is_postgres))


def _held_by(owner: str) -> ColumnElement[bool]:
    return and_(InboxEvent.state == _WORKING, InboxEvent.owner == owner)


def _claimed_value(row: InboxEvent) -> ClaimedEvent:
    return ClaimedEvent(
        id=row.id,
        platform=row.platform,
        event_id=row.event_id,
        thread=row.thread,
        sent_at=row.sent_at,
        received_at=row.received_at,
        attempt=row.attempts,
        # The platform's clock counts too: Riff's may have been behind when the event arrived.
        age_seconds=max(0.0, (now() - max(row.received_at, row.sent_at)).total_seconds()),
        payload=row.payload,
    )


_KEY = "noted"


class InboxNotes:
    """Values by name, each what JSON can hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, event: ClaimedEvent, name: str, value: Any) -> None:
        """Note the value in place of an earlier one; nothing is noted beside an event that is done."""
        async with self._database.transaction() as session:
            row = await session.get(InboxEvent, event.id)
            if row is not None and row.payload is not None:
                row.payload = {**row.payload, _KEY: {**row.payload.get(_KEY, {}), name: value}}

    @staticmethod
    def read(event: ClaimedEvent, name: str) -> Any:
        """What was noted before the event was claimed; None where nothing was."""
        return event.payload.get(_KEY, {}).get(name)
