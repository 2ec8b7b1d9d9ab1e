"""The record of what moderation decided."""

from dataclasses import asdict
from datetime import timedelta
from math import isfinite

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.column_types import now
from storage.database import Database
from storage.models import Audit as AuditRow
from storage.models import Base, Message, Person
from storage.values import AuditEntry, Decision


class Audit:
    """Every decision leaves a row; the text it was about only when the settings keep texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self,
        decision: Decision,
        *,
        person_id: int | None = None,
        message_id: int | None = None,
        text: str | None = None,
    ) -> AuditEntry:
        """Keeps the decision; about somebody who was erased meanwhile it is kept without person and text."""
        async with self._database.transaction() as session:
            # The person first, as in `rows.hold_people`.
            person = await _still_there(session, Person, person_id)
            message = await _still_there(session, Message, message_id)
            erased = (person, message) != (person_id, message_id)
            values = asdict(decision)
            values["score"] = _finite(decision.score)
            values["threshold"] = _finite(decision.threshold)
            row = AuditRow(
                **values,
                person_id=None if erased else person,
                message_id=None if erased else message,
                text=text if self._database.settings.keep_audit_text and not erased else None,
            )
            session.add(row)
            await session.flush()
            await session.refresh(row)
            return _entry(row)

    async def recent(self, limit: int, *, person_id: int | None = None) -> tuple[AuditEntry, ...]:
        """The newest decisions first, on everybody or on one person."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if person_id is not None:
            query = query.where(AuditRow.person_id == person_id)
        async with self._database.session() as session:
            return tuple(_entry(row) for row in await session.scalars(query))

    async def purge_texts(self) -> int:
        """Erases the kept texts older than the settings allow and gives their number; decisions stay."""
        before = now() - timedelta(days=self._database.settings.audit_text_days)
        old = select(AuditRow.id).where(AuditRow.created_at < before, AuditRow.text.is_not(None))
        async with self._database.transaction() as session:
            ids = (await session.scalars(old.with_for_update())).all()
            await session.execute(update(AuditRow).where(AuditRow.id.in_(old)).values(text=None))
        return len(ids)


async def _still_there(session: AsyncSession, model: type[Base], key: int | None) -> int | None:
    """The key, held until the transaction ends, or None when its row is gone."""
    if key is None:
        return None
    column = model.__table__.c.id
    return await session.scalar(
        select(column).where(column == key).with_for_update(read=True, key_share=True)
    )


def _finite(value: float | None) -> float | None:
    """SQLite has no NaN: it would keep NULL where PostgreSQL keeps NaN."""
    return value if value is not None and isfinite(value) else None


def _entry(row: AuditRow) -> AuditEntry:
    decision = Decision(
        direction=row.direction,
        action=row.action,
        category=row.category,
        score=row.score,
        threshold=row.threshold,
        classifier=row.classifier,
        version=row.version,
        stages=tuple(row.stages),
    )
    return AuditEntry(row.id, row.created_at, row.person_id, row.message_id, decision, row.text)
