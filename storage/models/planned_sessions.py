"""Brainstorms that are planned for later."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, CleanJson, Key, now
from storage.models.people import NEVER_REUSED


class PlannedSession(Base):
    """A brainstorm that begins by itself at `starts_at`; `state` is "planned" until it began or was called off.

    `plan` is what it will be run by. `event_id` is the platform's id of what planned it, `calendar_id` that of the
    platform's own event, "" where there is none. It goes with whoever planned it.
    """

    __tablename__ = "planned_session"
    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        Index(None, "state", "starts_at"),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_name: Mapped[str] = mapped_column(default="")
    platform: Mapped[str]
    workspace: Mapped[str]
    channel: Mapped[str]
    thread: Mapped[str] = mapped_column(default="")
    team: Mapped[str] = mapped_column(default="")
    is_direct: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[str]
    plan: Mapped[Any] = mapped_column(CleanJson)
    starts_at: Mapped[datetime]
    time_zone: Mapped[str]
    state: Mapped[str]
    reminded_at: Mapped[datetime | None]
    calendar_id: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
