"""What an adapter remembers of its platform, and the codes that link a person's accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


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
