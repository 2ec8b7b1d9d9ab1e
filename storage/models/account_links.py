"""Tables about linking a person's accounts: open codes, wrong ones that were tried, what each account brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, CleanJson, Key, now


class LinkCode(Base):
    """A code that a person was given to link another account; only its SHA-256 is kept, one for each person.

    `identity_id` is the account that asked for it, with its `name` and `workspace_name` as others see them;
    `entered_by_id` the account in which it was entered, null until then. Nothing is joined before that confirms.
    """

    __tablename__ = "link_code"
    __table_args__ = (UniqueConstraint("person_id"), UniqueConstraint("digest"))

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str]
    expires_at: Mapped[datetime]
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    workspace_name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"), index=True)


class LinkTry(Base):
    """A wrong code that a person entered; kept for an hour, so that nobody can guess."""

    __tablename__ = "link_try"
    __table_args__ = (Index(None, "person_id", "tried_at"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tried_at: Mapped[datetime] = mapped_column(default=now)


class LinkedAccount(Base):
    """What an account brought when it was linked and its rows do not tell by their places: it is given back with it.

    `profile` holds the fields that said something, `suggestions` what the person was asked: (field, value, answer).
    """

    __tablename__ = "linked_account"

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"), primary_key=True, autoincrement=False)
    profile: Mapped[dict[str, Any]] = mapped_column(CleanJson, default=dict)
    suggestions: Mapped[list[list[str]]] = mapped_column(CleanJson, default=list)
    training_consent_at: Mapped[datetime | None]
    linked_at: Mapped[datetime] = mapped_column(default=now)
