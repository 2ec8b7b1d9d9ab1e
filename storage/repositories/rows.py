"""What several repositories share: finding or adding a row under its unique key, rows made into values."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base, Channel, Message, Person
from storage.values.records import Outcome, Place, StoredMessage

LOCKED: Mapping[str, Any] = {"key_share": True}
"""A lock (FOR NO KEY UPDATE) under which others may still add rows that point at this one, as they hold what is next
in line: a stronger one would have the two wait for each other."""

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, model: type[Base]) -> Insert:
    """An INSERT of the session's own dialect, which knows ON CONFLICT."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)


async def add_unless_there(session: AsyncSession, model: type[Base], values: Mapping[str, Any]) -> int | None:
    """The id of the new row, or None when a unique key of it is taken, also by a transaction under way."""
    statement = insert_into(session, model).values(**values).on_conflict_do_nothing()
    added: int | None = await session.scalar(statement.returning(model.__table__.c.id))
    return added


async def find_or_add(
    session: AsyncSession, model: type[Base], key: Mapping[str, Any], rest: Mapping[str, Any]
) -> int:
    """The id of the row under the unique `key`, added with `rest` where there is none."""
    query = select(model.__table__.c.id).filter_by(**key)
    found: int | None = await session.scalar(query)
    if found is None:
        found = await add_unless_there(session, model, {**key, **rest})
    return found if found is not None else int((await session.scalars(query)).one())


async def hold_people(session: AsyncSession, *person_ids: int) -> bool:
    """Keeps the persons from being erased until the transaction ends; False when one is gone already.

    Whatever adds rows of a person begins with this. `Privacy.forget` locks the person first too: in another
    order the two would wait for each other.
    """
    wanted = set(person_ids)
    query = select(Person.id).where(Person.id.in_(wanted)).order_by(Person.id)
    held = await session.scalars(query.with_for_update(read=True, key_share=True))
    return set(held) == wanted


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
