"""The record of what moderation decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


class Audit(Base):
    """One decision; `text` is null unless the settings say that texts are kept."""

    __tablename__ = "audit"

    id: Mapped[Key]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    direction: Mapped[str]
    action: Mapped[str]
    category: Mapped[str]
    score: Mapped[float | None]
    threshold: Mapped[float | None]
    classifier: Mapped[str]
    version: Mapped[str]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(CleanJson, default=list)
    text: Mapped[str | None]
