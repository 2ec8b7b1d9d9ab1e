"""What platforms delivered and Riff has to answer, what adapters remember, and the codes that link accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


class InboxEvent(Base):
    """One event; `event_id` is unique on its platform, so that a second delivery changes nothing.

    `state` is "waiting", "working" (leased to `owner` until `leased_until`) or "done"; a done one has no
    payload. `sent_at` orders the events of a `thread`; `queued_at` orders the threads, and is when a failed
    event may be tried again.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        Index(None, "platform", "state", "queued_at"),
        Index(None, "platform", "thread", "state"),
        Index(None, "platform", "workspace", "author"),
    )

    id: Mapped[Key]
    platform: Mapped[str]
    workspace: Mapped[str]
    author: Mapped[str]
    event_id: Mapped[str]
    thread: Mapped[str]
    sent_at: Mapped[datetime]
    payload: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    stop_requested: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None] = mapped_column(index=True)


# What an adapter remembers of its platform, and the codes that link a person's accounts.


class PlatformState(Base):
    """One thing an adapter notes for itself across restarts, under a name of its own; never about a person."""

    __tablename__ = "platform_state"
    __table_args__ = (UniqueConstraint("platform", "name"),)

    id: Mapped[Key]
    platform: Mapped[str]
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class LinkCode(Base):
    """A code that a person was given to link another account; only its SHA-256 is kept, one for each person."""

    __tablename__ = "link_code"
    __table_args__ = (UniqueConstraint("person_id"), UniqueConstraint("digest"))

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str]
    expires_at: Mapped[datetime]
