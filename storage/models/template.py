"""Prompt templates of workspaces."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


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
