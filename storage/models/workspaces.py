"""Settings of workspaces and channels, who changed them, and prompt templates of workspaces."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.column_types import CleanJson, now
from storage.models.base import Base, Key


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
