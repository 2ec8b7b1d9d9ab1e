"""What people thought of ideas."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import now
from storage.models.base import Base, Key


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
