"""The themes of a board, which keep their names once people have seen them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change. A column that may be null needs no new table on SQLite, so that no id is used again."""
    op.add_column("brainstorm", sa.Column("themes", sa.JSON()))


def downgrade() -> None:
    """Takes the change back."""
    op.execute(sa.text("ALTER TABLE brainstorm DROP COLUMN themes"))
