"""Tables of workspaces and platforms: settings, templates, moderation's record, the inbox, state."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, CleanJson, Key, now


class ScopeSettings(Base):
    """What one workspace (`channel` is "") or one of its channels sets; never about a person."""

    __tablename__ = "scope_settings"
    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)

    id: Mapped[Key]
    platform: Mapped[str]
    workspace: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    settings: Mapped[Any] = mapped_column(CleanJson)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ScopeChange(Base):
    """One change of them; `person_id` is null for the command line, and once that person was erased."""

    __tablename__ = "scope_change"

    id: Mapped[Key]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    platform: Mapped[str]
    workspace: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str]
    before: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    after: Mapped[Any] = mapped_column(CleanJson, nullable=True)


# Prompt templates of workspaces.


class PromptTemplate(Base):
    """One template that a workspace's admins added; never about a person."""

    __tablename__ = "prompt_template"
    __table_args__ = (UniqueConstraint("platform", "workspace", "name"),)

    id: Mapped[Key]
    platform: Mapped[str]
    workspace: Mapped[str]
    name: Mapped[str]
    definition: Mapped[Any] = mapped_column(CleanJson)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


# Who begins where, so that ideas differ between people.


class Allotment(Base):
    """How many lists about a topic were `given` in a workspace; never by whom.

    `topic` is a SHA-256 of the telling words. As somebody could guess them, forgetting a person takes all rows of the
    workspaces that they asked in; others then count from the beginning again.
    """

    __tablename__ = "allotment"
    __table_args__ = (UniqueConstraint("platform", "workspace", "topic"),)

    id: Mapped[Key]
    platform: Mapped[str]
    workspace: Mapped[str]
    topic: Mapped[str]
    given: Mapped[int]


# The record of what moderation decided, and what moderators made of it.


class Audit(Base):
    """One decision; `text` and `context` are null unless the settings say that texts are kept.

    `context` is what was said before in the thread. `review` is "open" while a moderator should look at it,
    then "approved" (the text was fine) or "upheld"; "" for what needs nobody. Those that were put before moderators in
    one message have the same `review_batch`; `reviewed_by` is what the platform calls whoever decided.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "review", "id"),)

    id: Mapped[Key]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    platform: Mapped[str] = mapped_column(default="")
    workspace: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    direction: Mapped[str]
    action: Mapped[str]
    category: Mapped[str]
    score: Mapped[float | None]
    threshold: Mapped[float | None]
    classifier: Mapped[str]
    version: Mapped[str]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(CleanJson, default=list)
    text: Mapped[str | None]
    context: Mapped[str | None]
    review: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    review_batch: Mapped[int | None] = mapped_column(index=True)
    posted_at: Mapped[datetime | None]
    reviewed_by: Mapped[str] = mapped_column(default="", server_default=sql("''"))


# What platforms delivered and Riff has to answer.


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


# What an adapter remembers of its platform.


class PlatformState(Base):
    """One thing an adapter notes for itself across restarts, under a name of its own; never about a person."""

    __tablename__ = "platform_state"
    __table_args__ = (UniqueConstraint("platform", "name"),)

    id: Mapped[Key]
    platform: Mapped[str]
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
