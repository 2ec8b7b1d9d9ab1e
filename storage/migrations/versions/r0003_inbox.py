"""Events are kept before they are acknowledged, so that a crash loses none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "inbox",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("payload", sa.JSON()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", _LONG, nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("leased_until", _MOMENT),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("queued_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT),
        sa.UniqueConstraint("platform", "event_id"),
    )
    op.create_index("ix_inbox_platform_state_queued_at", "inbox", ["platform", "state", "queued_at"])
    op.create_index("ix_inbox_platform_thread_state", "inbox", ["platform", "thread", "state"])
    op.create_index("ix_inbox_platform_workspace_author", "inbox", ["platform", "workspace", "author"])
    op.create_index("ix_inbox_done_at", "inbox", ["done_at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("inbox")
