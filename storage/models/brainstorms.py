"""Facilitated brainstorms, those that are planned, and their boards: who takes part, ideas, their origins, votes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, CleanJson, Key, now
from storage.models.people import NEVER_REUSED

_RUNNING = text("ended_at IS NULL")


class Brainstorm(Base):
    """One facilitated brainstorm in a thread; at most one runs in a thread at a time.

    `minutes` are planned for the whole. `phase_ends_at` is null while nothing ends the phase by itself;
    `paused_seconds` is what was left of it when it was paused. `step` counts the technique's prompts that were
    given, from 0, `contributions` Riff's own turns, the last at `contributed_at`. `facilitator_id` is null once
    that person was erased. `votes_each` is how many ideas each person may vote for, `people_first` how many
    people must have posted before Riff adds one. `nudged_on` is the day, in
    `time_zone`, of the last daily nudge (ISO 8601). `outcome` is what came of it in words: null until it has
    ended, and again once somebody whose ideas it may tell was erased; so are `themes`, the names under which ideas
    stand together. `team` is the workspace of an organisation that
    it was started from, whose settings hold in it.
    """

    __tablename__ = "brainstorm"
    __table_args__ = (
        Index(
            "uq_brainstorm_running_in_thread",
            "channel_id",
            "thread",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index(None, "ended_at", "phase_ends_at"),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    thread: Mapped[str]
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    topic: Mapped[str]
    technique: Mapped[str] = mapped_column(default="")
    phase: Mapped[str]
    minutes: Mapped[int]
    phase_ends_at: Mapped[datetime | None]
    paused_seconds: Mapped[int | None]
    step: Mapped[int] = mapped_column(default=0, server_default="0")
    contributions: Mapped[int] = mapped_column(default=0, server_default="0")
    contributed_at: Mapped[datetime | None]
    votes_each: Mapped[int]
    people_first: Mapped[int] = mapped_column(default=0, server_default="0")
    is_anonymous: Mapped[bool] = mapped_column(default=True)
    nudge_hour: Mapped[int | None]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    locale: Mapped[str] = mapped_column(default="", server_default=text("''"))
    team: Mapped[str] = mapped_column(default="", server_default=text("''"))
    nudged_on: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Any] = mapped_column(CleanJson, nullable=True)
    themes: Mapped[Any] = mapped_column(CleanJson, nullable=True)


class Participant(Base):
    """Somebody who added an idea or voted, and what the platform calls them where all can read it."""

    __tablename__ = "board_participant"
    __table_args__ = (UniqueConstraint("brainstorm_id", "person_id"),)

    id: Mapped[Key]
    brainstorm_id: Mapped[int] = mapped_column(ForeignKey("brainstorm.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(default="")


class BoardIdea(Base):
    """An idea on a board; `person_id` is null for one of Riff's.

    `number` is what people call it by: it counts from 1 on each board and never changes.
    `event_id` is the platform's own id of the message that it came in. A near-duplicate points at the idea that
    it was merged into. One that was `withdrawn_at` some time stands on no board any more; its words go soon after.
    """

    __tablename__ = "board_idea"
    __table_args__ = (
        UniqueConstraint("brainstorm_id", "event_id"),
        Index("uq_board_idea_number", "brainstorm_id", "number", unique=True),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    brainstorm_id: Mapped[int] = mapped_column(ForeignKey("brainstorm.id"))
    number: Mapped[int] = mapped_column(server_default="0")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    event_id: Mapped[str | None]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("board_idea.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class BoardOrigin(Base):
    """That an idea was made of another one, by combining or improving it."""

    __tablename__ = "board_origin"

    idea_id: Mapped[int] = mapped_column(ForeignKey("board_idea.id"), primary_key=True, autoincrement=False)
    origin_id: Mapped[int] = mapped_column(
        ForeignKey("board_idea.id"), primary_key=True, autoincrement=False, index=True
    )


class BoardVote(Base):
    """One person's vote for one idea; `slot` counts from 1 to the votes that each person has."""

    __tablename__ = "board_vote"
    __table_args__ = (
        UniqueConstraint("idea_id", "person_id"),
        UniqueConstraint("brainstorm_id", "person_id", "slot"),
    )

    id: Mapped[Key]
    brainstorm_id: Mapped[int] = mapped_column(ForeignKey("brainstorm.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("board_idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    slot: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class PlannedSession(Base):
    """A brainstorm that begins by itself at `starts_at`; `state` is "planned" until it began or was called off.

    `plan` is what it will be run by. `event_id` is the platform's id of what planned it, `calendar_id` that of the
    platform's own event, "" where there is none. It goes with whoever planned it.
    """

    __tablename__ = "planned_session"
    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        Index(None, "state", "starts_at"),
        NEVER_REUSED,
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_name: Mapped[str] = mapped_column(default="")
    platform: Mapped[str]
    workspace: Mapped[str]
    channel: Mapped[str]
    thread: Mapped[str] = mapped_column(default="")
    team: Mapped[str] = mapped_column(default="")
    is_direct: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[str]
    plan: Mapped[Any] = mapped_column(CleanJson)
    starts_at: Mapped[datetime]
    time_zone: Mapped[str]
    state: Mapped[str]
    reminded_at: Mapped[datetime | None]
    calendar_id: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class BoardLink(Base):
    """A link to the live page of a board; of the secret in it only the SHA-256 is kept. It ends at `expires_at`."""

    __tablename__ = "board_link"
    __table_args__ = (UniqueConstraint("digest"), NEVER_REUSED)

    id: Mapped[Key]
    brainstorm_id: Mapped[int] = mapped_column(ForeignKey("brainstorm.id"), index=True)
    digest: Mapped[str]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
