"""When an idea was taken off its board by whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change. A column that may be null needs no new table on SQLite, so that no id is used again."""
    op.add_column("board_idea", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Takes the change back."""
    op.execute(sa.text("ALTER TABLE board_idea DROP COLUMN withdrawn_at"))
