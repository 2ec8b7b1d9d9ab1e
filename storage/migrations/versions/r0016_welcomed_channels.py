"""By which event Riff introduced itself in a channel; where it was talked to before, it is known already."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.add_column("channel", sa.Column("welcomed", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute(sa.text("UPDATE channel SET welcomed = 'before'"))


def downgrade() -> None:
    """Takes the change back."""
    op.execute(sa.text("ALTER TABLE channel DROP COLUMN welcomed"))
