"""The record of what moderation decided."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from math import isfinite

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.models import Audit as AuditRow
from storage.models import Base, Channel, Message, Person
from storage.models.base import now
from storage.repositories.inbox import keep_events
from storage.repositories.rows import row_held
from storage.values.records import AuditEntry, Decision, NewEvent, Review, Scope

TO_REVIEW = frozenset({"flag", "block"})
"""Actions that a moderator should look at."""


class Audit:
    """Every decision leaves a row; the text it was about only when the settings keep texts.

    Those that flagged or blocked wait in the review queue until a moderator has looked at them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self,
        decision: Decision,
        *,
        person_id: int | None = None,
        message_id: int | None = None,
        text: str | None = None,
        context: str | None = None,
        scope: Scope | None = None,
    ) -> int:
        """Keeps the decision under the id that it gives, for review where it flagged or blocked.

        About somebody who was erased meanwhile it is kept without person and text.
        """
        async with self._database.transaction() as session:
            # The person first, as in `rows.hold_people`.
            person = await _still_there(session, Person, person_id)
            message = await _still_there(session, Message, message_id)
            erased = (person, message) != (person_id, message_id)
            keep = self._database.settings.keep_audit_text and not erased
            values = asdict(decision)
            values["score"] = _finite(decision.score)
            values["threshold"] = _finite(decision.threshold)
            row = AuditRow(
                **values,
                person_id=None if erased else person,
                message_id=None if erased else message,
                platform=scope.platform if scope else "",
                workspace=scope.workspace if scope else "",
                channel=scope.channel if scope else "",
                text=text if keep else None,
                context=context if keep else None,
                review=Review.OPEN if decision.action in TO_REVIEW else Review.NONE,
            )
            session.add(row)
            await session.flush()
            return row.id

    async def recent(self, limit: int, *, person_id: int | None = None) -> tuple[AuditEntry, ...]:
        """The newest decisions first, on everybody or on one person."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if person_id is not None:
            query = query.where(AuditRow.person_id == person_id)
        async with self._database.session() as session:
            return tuple(_entry(row) for row in await session.scalars(query))

    async def queue(
        self, limit: int, *, scope: Scope | None = None, review: Review = Review.OPEN
    ) -> tuple[AuditEntry, ...]:
        """Decisions to review, oldest first; of one scope only where one is named, its channels included."""
        query = select(AuditRow).where(AuditRow.review == review).order_by(AuditRow.id).limit(limit)
        if scope is not None:
            key = {"platform": scope.platform, "workspace": scope.workspace}
            query = query.filter_by(**key, **({"channel": scope.channel} if scope.channel else {}))
        async with self._database.session() as session:
            return tuple(_entry(row) for row in await session.scalars(query))

    async def entry(self, entry_id: int) -> AuditEntry | None:
        """One decision, or None where there is none of this number."""
        async with self._database.session() as session:
            row = await session.get(AuditRow, entry_id)
            return None if row is None else _entry(row)

    async def batch(self, batch: int) -> tuple[AuditEntry, ...]:
        """The decisions that were put before moderators in one message, in their order."""
        query = select(AuditRow).where(AuditRow.review_batch == batch).order_by(AuditRow.id)
        async with self._database.session() as session:
            return tuple(_entry(row) for row in await session.scalars(query))

    async def unposted(self, scope: Scope) -> int:
        """How many open decisions of a workspace are still to be put before its moderators."""
        query = select(func.count()).select_from(AuditRow).where(*_to_post(scope))
        newest = select(func.max(AuditRow.review_batch)).where(_in_workspace(scope)).scalar_subquery()
        async with self._database.session() as session:
            return int(await session.scalar(query.where(AuditRow.id > newest)) or 0)

    async def plan_batch(
        self,
        scope: Scope,
        since: datetime,
        moment: datetime,
        *,
        most: int,
        every_seconds: float,
        jobs: Callable[[int], Sequence[NewEvent]],
    ) -> bool:
        """Takes up to `most` open decisions of a workspace together, and plans the `jobs` that put them up.

        Only those since then, and only so long after the last time; False where there are none, or not yet. However
        many ask at the same time, each decision is taken once.
        """
        last = select(func.max(AuditRow.posted_at)).where(_in_workspace(scope))
        found = (
            select(AuditRow.id).where(*_to_post(scope), AuditRow.created_at >= since).order_by(AuditRow.id)
        )
        async with self._database.transaction() as session:
            posted = await session.scalar(last)
            if posted is not None and moment - posted < timedelta(seconds=every_seconds):
                return False
            ids = (await session.scalars(found.limit(most).with_for_update())).all()
            if not ids:
                return False
            taken = update(AuditRow).where(AuditRow.id.in_(ids))
            await session.execute(taken.values(review_batch=ids[0], posted_at=moment))
            await keep_events(session, jobs(ids[0]), self._database.lease_clock)
            return True

    async def decide(
        self, entry_id: int, review: Review, *, reviewer_id: int | None = None, by: str = ""
    ) -> bool:
        """Note what a moderator made of an open decision; False when it was not open (any more).

        `by` is what others call the moderator.
        """
        values = {"review": review, "reviewed_at": now(), "reviewer_id": reviewer_id, "reviewed_by": by}
        is_open = AuditRow.id == entry_id, AuditRow.review == Review.OPEN
        async with self._database.transaction() as session:
            changed = await session.execute(
                update(AuditRow).where(*is_open).values(**values).returning(AuditRow.id)
            )
            return changed.first() is not None

    async def purge_texts(self) -> int:
        """Erases the kept texts older than the settings allow and gives their number; decisions stay."""
        before = now() - timedelta(days=self._database.settings.audit_text_days)
        kept = or_(AuditRow.text.is_not(None), AuditRow.context.is_not(None))
        old = select(AuditRow.id).where(AuditRow.created_at < before, kept)
        async with self._database.transaction() as session:
            ids = (await session.scalars(old.with_for_update())).all()
            await session.execute(
                update(AuditRow).where(AuditRow.id.in_(old)).values(text=None, context=None)
            )
        return len(ids)


async def _still_there(session: AsyncSession, model: type[Base], key: int | None) -> int | None:
    """The key, held until the transaction ends, or None when its row is gone."""
    if key is None:
        return None
    held: int | None = await session.scalar(row_held(model), {"key": key})
    return held


def _in_workspace(scope: Scope) -> ColumnElement[bool]:
    return and_(AuditRow.platform == scope.platform, AuditRow.workspace == scope.workspace)


def _to_post(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Open, of the workspace, not put before moderators yet, and not out of anybody's direct messages."""
    in_direct_messages = exists().where(
        Channel.platform == AuditRow.platform,
        Channel.workspace == AuditRow.workspace,
        Channel.external_id == AuditRow.channel,
        Channel.owner_id.is_not(None),
    )
    is_new = and_(AuditRow.review == Review.OPEN, AuditRow.review_batch.is_(None))
    return _in_workspace(scope), is_new, ~in_direct_messages


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
    return AuditEntry(
        id=row.id,
        created_at=row.created_at,
        person_id=row.person_id,
        message_id=row.message_id,
        decision=decision,
        text=row.text,
        scope=Scope(row.platform, row.workspace, row.channel) if row.platform else None,
        context=row.context,
        review=Review(row.review),
        reviewed_at=row.reviewed_at,
        reviewer_id=row.reviewer_id,
        reviewed_by=row.reviewed_by,
        batch=row.review_batch,
    )
