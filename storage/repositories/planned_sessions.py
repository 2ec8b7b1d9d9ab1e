"""Brainstorms that are planned for later: each change is made once, and brings its errand with it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import PlannedSession as Row
from storage.repositories.inbox import keep_events
from storage.repositories.rows import add_unless_there, hold_people
from storage.values.brainstorms import NewPlannedSession, Plan, PlannedSession, PlannedState
from storage.values.records import NewEvent, Place

_GONE = "What Riff knew of this person was erased meanwhile; ask again."


class PlannedSessions:
    """Found by their id, by their channel, and by when they are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewPlannedSession) -> PlannedSession:
        """Keeps it; what the same event of the platform planned before is given again.

        Raises ForgottenError when the person was erased meanwhile.
        """
        place = new.place
        values = {
            "person_id": new.person_id,
            "person_name": new.name,
            "platform": place.platform,
            "workspace": place.workspace,
            "channel": place.channel,
            "thread": place.thread,
            "team": place.team,
            "is_direct": place.direct,
            "event_id": new.event_id,
            "plan": asdict(new.plan),
            "starts_at": new.starts_at,
            "time_zone": new.time_zone,
            "state": PlannedState.PLANNED.value,
        }
        key = {"platform": place.platform, "event_id": new.event_id}
        async with self._database.transaction() as session:
            if not await hold_people(session, new.person_id):
                raise ForgottenError(_GONE)
            await add_unless_there(session, Row, values)
            return _value((await session.scalars(select(Row).filter_by(**key))).one())

    async def get(self, session_id: int) -> PlannedSession | None:
        """The one with that id."""
        found = await self._find(Row.id == session_id)
        return found[0] if found else None

    async def in_channel(self, place: Place) -> Sequence[PlannedSession]:
        """Those that are still to begin in a channel, the next one first."""
        here = Row.platform == place.platform, Row.workspace == place.workspace, Row.channel == place.channel
        return await self._find(*here, _PLANNED)

    async def planned(self, before: datetime) -> Sequence[PlannedSession]:
        """All that are still to begin, at `before` the latest."""
        return await self._find(_PLANNED, Row.starts_at <= before)

    async def last_zone(self, person_id: int) -> str:
        """The time zone that the person planned in last; "" where they never did."""
        query = select(Row.time_zone).where(Row.person_id == person_id).order_by(Row.id.desc()).limit(1)
        async with self._database.session() as session:
            return await session.scalar(query) or ""

    async def remind(self, seen: PlannedSession, moment: datetime, errand: NewEvent) -> bool:
        """Notes that people are reminded; False where that was done, or where it was moved meanwhile."""
        not_yet = Row.starts_at == seen.starts_at, Row.reminded_at.is_(None)
        return await self._change(seen.id, not_yet, {"reminded_at": moment}, errand)

    async def move(self, seen: PlannedSession, to: datetime, errand: NewEvent) -> bool:
        """Plans it for another time; False where it is planned no more."""
        return await self._change(seen.id, (), {"starts_at": to, "reminded_at": None}, errand)

    async def end(self, seen: PlannedSession, state: PlannedState, errand: NewEvent) -> bool:
        """It begins, is called off or was missed; False where that happened before, or it was moved meanwhile."""
        still = (Row.starts_at == seen.starts_at,)
        return await self._change(seen.id, still, {"state": state.value}, errand)

    async def note_calendar(self, session_id: int, calendar_id: str) -> None:
        """Notes the platform's own event."""
        async with self._database.transaction() as session:
            await session.execute(update(Row).where(Row.id == session_id).values(calendar_id=calendar_id))

    async def purge(self, before: datetime) -> None:
        """Erases those that were to begin before."""
        old = delete(Row).where(~_PLANNED, Row.starts_at < before)
        async with self._database.transaction() as session:
            await session.execute(old)

    async def _change(
        self,
        session_id: int,
        conditions: Sequence[ColumnElement[bool]],
        values: dict[str, Any],
        errand: NewEvent,
    ) -> bool:
        change = update(Row).where(Row.id == session_id, _PLANNED, *conditions).values(**values)
        async with self._database.transaction() as session:
            if await session.scalar(change.returning(Row.id)) is None:
                return False
            await keep_events(session, [errand], self._database.lease_clock)
            return True

    async def _find(self, *conditions: ColumnElement[bool]) -> Sequence[PlannedSession]:
        query = select(Row).where(*conditions).order_by(Row.starts_at, Row.id)
        async with self._database.session() as session:
            return [_value(row) for row in await session.scalars(query)]


_PLANNED = Row.state == PlannedState.PLANNED.value


def _value(row: Row) -> PlannedSession:
    return PlannedSession(
        id=row.id,
        place=Place(row.platform, row.workspace, row.channel, row.thread, row.is_direct, row.team),
        person_id=row.person_id,
        name=row.person_name,
        plan=Plan(**row.plan),
        starts_at=row.starts_at,
        time_zone=row.time_zone,
        state=PlannedState(row.state),
        created_at=row.created_at,
        reminded_at=row.reminded_at,
        calendar_id=row.calendar_id,
    )
