"""The record of what moderation decided, and what moderators made of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


class Audit(Base):
    """One decision; `text` and `context` are null unless the settings say that texts are kept.

    `context` is what was said before in the thread. `review` is "open" while a moderator should look at it,
    then "approved" (the text was fine) or "upheld"; "" for what needs nobody.
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
