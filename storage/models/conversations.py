"""Channels, the threads in them, what was said there, the ideas that came of it, and what people thought of those."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, CleanJson, Key, now
from storage.models.people import NEVER_REUSED


class Channel(Base):
    """A place where Riff is talked to, with the voice of its brand.

    `owner_id` is the person whose direct messages it holds; null for a channel that people share. A voice that was
    learned and waits for approval is `voice_proposal`. `welcomed` is the event that Riff introduced itself for, ""
    where it has not.
    """

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("platform", "workspace", "external_id"),)

    id: Mapped[Key]
    platform: Mapped[str]
    workspace: Mapped[str]
    external_id: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    brand_voice: Mapped[str] = mapped_column(default="")
    use_words: Mapped[list[str]] = mapped_column(default=list)
    avoid_words: Mapped[list[str]] = mapped_column(default=list)
    voice_examples: Mapped[list[str]] = mapped_column(default=list)
    voice_proposal: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    welcomed: Mapped[str] = mapped_column(default="", server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Conversation(Base):
    """A thread of a channel; messages up to `cleared_through_id` are no longer part of its context."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"), NEVER_REUSED)

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str]
    cleared_through_id: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Message(Base):
    """A question or its answer; both belong to the person who asked.

    A question carries which `command` and `verb` it used ("" for none), and how it ended: `outcome`, `model` and
    `latency_ms`. An answer has `in_reply_to_id`, and the `prompt_version` of what the model was told. Both are
    `is_private` where only that person was shown the answer, in a channel that people share.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        UniqueConstraint("in_reply_to_id"),
        Index(None, "conversation_id", "id"),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    platform: Mapped[str]
    event_id: Mapped[str | None]
    in_reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    role: Mapped[str]
    content: Mapped[str]
    task: Mapped[str] = mapped_column(default="")
    command: Mapped[str | None]
    verb: Mapped[str | None]
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[str | None]
    model: Mapped[str | None]
    latency_ms: Mapped[int | None]
    prompt_version: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Idea(Base):
    """One idea of an answer, counted from 1."""

    __tablename__ = "idea"
    __table_args__ = (
        UniqueConstraint("message_id", "position"),
        Index(None, "person_id", "id"),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    topic: Mapped[str]
    task: Mapped[str]
    saved: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Feedback(Base):
    """One person's opinion of one idea; `edited_text` is what the person made of it, for kind "edit" only."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("person_id", "idea_id", "kind"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    kind: Mapped[str]
    edited_text: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
