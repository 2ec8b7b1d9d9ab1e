"""Sessions that are planned for later; which decisions were put before moderators in a chat, and who decided."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WORDS = ("platform", "workspace", "channel", "thread", "team")


def upgrade() -> None:
    """Makes the change. Decisions of before were put before nobody, and are not posted now."""
    op.add_column("audit", sa.Column("review_batch", _LONG))
    op.add_column("audit", sa.Column("posted_at", _MOMENT))
    op.add_column("audit", sa.Column("reviewed_by", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_audit_review_batch", "audit", ["review_batch"])
    op.create_table(
        "planned_session",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column(
            "person_id",
            _LONG,
            sa.ForeignKey("person.id", name="fk_planned_session_person_id_person"),
            nullable=False,
        ),
        sa.Column("person_name", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.Column("is_direct", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reminded_at", _MOMENT),
        sa.Column("calendar_id", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("platform", "event_id", name="uq_planned_session_platform_event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_planned_session_person_id", "planned_session", ["person_id"])
    op.create_index("ix_planned_session_state_starts_at", "planned_session", ["state", "starts_at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("planned_session")
    op.drop_index("ix_audit_review_batch", "audit")
    for name in ("reviewed_by", "posted_at", "review_batch"):
        op.execute(sa.text(f"ALTER TABLE audit DROP COLUMN {name}"))
