"""Facilitated brainstorms and their boards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Makes the change."""
    _make_brainstorms()
    _make_boards()


def _make_brainstorms() -> None:
    op.create_table(
        "brainstorm",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("channel_id", _LONG, sa.ForeignKey("channel.id"), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("facilitator_id", _LONG, sa.ForeignKey("person.id")),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("technique", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("phase_minutes", _LONG, nullable=False),
        sa.Column("phase_ends_at", _MOMENT),
        sa.Column("paused_seconds", _LONG),
        sa.Column("votes_each", _LONG, nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("nudge_hour", _LONG),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("nudged_on", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_brainstorm_running_in_thread",
        "brainstorm",
        ["channel_id", "thread"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index("ix_brainstorm_ended_at_phase_ends_at", "brainstorm", ["ended_at", "phase_ends_at"])
    op.create_index("ix_brainstorm_facilitator_id", "brainstorm", ["facilitator_id"])


def _make_boards() -> None:
    op.create_table(
        "board_idea",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("brainstorm_id", _LONG, sa.ForeignKey("brainstorm.id"), nullable=False),
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id")),
        sa.Column("event_id", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("merged_into_id", _LONG, sa.ForeignKey("board_idea.id")),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("brainstorm_id", "event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_board_idea_person_id", "board_idea", ["person_id"])
    op.create_index("ix_board_idea_merged_into_id", "board_idea", ["merged_into_id"])
    op.create_table(
        "board_origin",
        sa.Column("idea_id", _LONG, sa.ForeignKey("board_idea.id"), primary_key=True, autoincrement=False),
        sa.Column("origin_id", _LONG, sa.ForeignKey("board_idea.id"), primary_key=True, autoincrement=False),
    )
    op.create_index("ix_board_origin_origin_id", "board_origin", ["origin_id"])
    op.create_table(
        "board_vote",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("brainstorm_id", _LONG, sa.ForeignKey("brainstorm.id"), nullable=False),
        sa.Column("idea_id", _LONG, sa.ForeignKey("board_idea.id"), nullable=False),
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("slot", _LONG, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("idea_id", "person_id"),
        sa.UniqueConstraint("brainstorm_id", "person_id", "slot"),
    )
    op.create_index("ix_board_vote_person_id", "board_vote", ["person_id"])


def downgrade() -> None:
    """Takes the change back."""
    for table in ("board_vote", "board_origin", "board_idea", "brainstorm"):
        op.drop_table(table)
