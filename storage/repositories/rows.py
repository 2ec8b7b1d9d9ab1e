"""What several repositories share: finding or adding a row under its unique key, rows made into values."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from storage.models import Base, Channel, Message, Person
from storage.values.records import Outcome, Place, StoredMessage

LOCKED: Mapping[str, Any] = {"key_share": True}
"""A lock (FOR NO KEY UPDATE) under which others may still add rows that point at this one, as they hold what is next
in line: a stronger one would have the two wait for each other."""

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, model: type[Base]) -> Insert:
    """An INSERT of the session's own dialect, which knows ON CONFLICT."""
    return insert_for(dialect_of(session), model)


def dialect_of(session: AsyncSession) -> str:
    """The name of the session's dialect."""
    return session.get_bind().dialect.name


def insert_for(dialect: str, model: type[Base] | FromClause) -> Insert:
    """An INSERT of the dialect into a model, or into its table, which costs less where no object is wanted."""
    return postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)  # type: ignore[arg-type]


async def add_unless_there(session: AsyncSession, model: type[Base], values: Mapping[str, Any]) -> int | None:
    """The id of the new row, or None when a unique key of it is taken, also by a transaction under way."""
    added: int | None = await session.scalar(_added_unless_there(model, dialect_of(session)), dict(values))
    return added


@cache
def _added_unless_there(model: type[Base], dialect: str) -> ReturningInsert[int]:
    """Made once: making it takes longer than asking it. Its parameters are the row's values."""
    return insert_for(dialect, model.__table__).on_conflict_do_nothing().returning(model.__table__.c.id)


async def find_or_add(
    session: AsyncSession, model: type[Base], key: Mapping[str, Any], rest: Mapping[str, Any]
) -> int:
    """The id of the row under the unique `key`, added with `rest` where there is none."""
    query = _by_key(model, tuple(key))
    found: int | None = await session.scalar(query, dict(key))
    if found is None:
        found = await add_unless_there(session, model, {**key, **rest})
    return found if found is not None else int((await session.scalars(query, dict(key))).one())


@cache
def _by_key(model: type[Base], names: tuple[str, ...]) -> Select[int]:
    """Made once. Its parameters are the names."""
    columns = model.__table__.c
    return select(columns.id).where(*(columns[name] == bindparam(name) for name in names))


async def hold_people(session: AsyncSession, *person_ids: int) -> bool:
    """Keeps the persons from being erased until the transaction ends; False when one is gone already.

    Whatever adds rows of a person begins with this. `Privacy.forget` locks the person first too: in another
    order the two would wait for each other.
    """
    wanted = set(person_ids)
    return set(await session.scalars(_people_held(), {"people": sorted(wanted)})) == wanted


@cache
def _people_held() -> Select[int]:
    """Made once: making it takes longer than asking it. Its parameter: `people`."""
    people = select(Person.id).where(Person.id.in_(bindparam("people", expanding=True)))
    return people.order_by(Person.id).with_for_update(read=True, key_share=True)


@cache
def row_held(model: type[Base]) -> Select[int]:
    """Keeps the row from being erased until the transaction ends. Made once; its parameter: `key`."""
    column = model.__table__.c.id
    return select(column).where(column == bindparam("key")).with_for_update(read=True, key_share=True)


CHANNEL_KEY = ("platform", "workspace", "external_id")
"""A channel's unique key."""


def channel_key(place: Place) -> dict[str, str]:
    """The unique key of the place's channel."""
    return dict(zip(CHANNEL_KEY, (place.platform, place.workspace, place.channel), strict=True))


def place_of_channel(row: Channel, *, private: bool = False) -> Place:
    """The channel as a place, without a thread; direct too for what was said there in `private`."""
    return Place(row.platform, row.workspace, row.external_id, direct=private or row.owner_id is not None)


async def find_or_add_channel(session: AsyncSession, place: Place, person_id: int | None) -> int:
    """The id of the place's channel; a new direct one belongs to the person."""
    owner = person_id if place.direct else None
    return await find_or_add(session, Channel, channel_key(place), {"owner_id": owner})


def message_value(row: Message) -> StoredMessage:
    """The message as a value."""
    return StoredMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        person_id=row.person_id,
        role="assistant" if row.role == "assistant" else "user",
        content=row.content,
        created_at=row.created_at,
        task=row.task,
        command=row.command or "",
        verb=row.verb or "",
        event_id=row.event_id,
        in_reply_to_id=row.in_reply_to_id,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        model=row.model,
        latency_ms=row.latency_ms,
        prompt_version=row.prompt_version,
    )
