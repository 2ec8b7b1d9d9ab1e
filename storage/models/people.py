"""Persons, their accounts, what they like, what Riff counts of them, asked them, and made of long threads."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, now

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


class Usage(Base):
    """What one person used in one workspace on one day (ISO 8601, UTC)."""

    __tablename__ = "usage"
    __table_args__ = (
        UniqueConstraint("person_id", "platform", "workspace", "day"),
        Index(None, "platform", "workspace", "day"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    platform: Mapped[str]
    workspace: Mapped[str]
    day: Mapped[str]
    prompts: Mapped[int] = mapped_column(default=0)
    ideas: Mapped[int] = mapped_column(default=0)
    characters: Mapped[int] = mapped_column(default=0)
    tokens: Mapped[int] = mapped_column(default=0)


class CountedPrompt(Base):
    """A prompt that the quotas of a minute count; kept for an hour."""

    __tablename__ = "counted_prompt"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index(None, "person_id", "asked_at"),
        Index(None, "platform", "workspace", "asked_at"),
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    platform: Mapped[str]
    workspace: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)


class Suggestion(Base):
    """A wish that Riff asked the person about once; `answer` is "yes", "no", or "" while there is none."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("person_id", "field"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    field: Mapped[str]
    value: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class ThreadSummary(Base):
    """What was said in a thread up to the message `through_id`, in short."""

    __tablename__ = "thread_summary"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id"), primary_key=True, autoincrement=False
    )
    through_id: Mapped[int]
    text: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
