"""Persons, the accounts they use, and what they like."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import now
from storage.models.base import Base, Key

# A number once given to a person or message is never given again: buttons and logs outlive a forgotten row.
NEVER_REUSED = {"sqlite_autoincrement": True}


class Person(Base):
    """Somebody who talks to Riff, from one or several accounts.

    `training_consent_at` is when the person agreed that a model learns from their feedback; else null.
    """

    __tablename__ = "person"
    __table_args__ = NEVER_REUSED

    id: Mapped[Key]
    training_consent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Identity(Base):
    """An account on a platform; it belongs to one person."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("platform", "workspace", "external_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    platform: Mapped[str]
    workspace: Mapped[str]
    external_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Profile(Base):
    """What answers should fit; blank where the person said nothing."""

    __tablename__ = "profile"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    display_name: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    tone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    length: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    interests: Mapped[list[str]] = mapped_column(default=list)
    brand_voice: Mapped[str] = mapped_column(default="")
    use_words: Mapped[list[str]] = mapped_column(default=list)
    avoid_words: Mapped[list[str]] = mapped_column(default=list)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
