"""Which wording of Riff's instructions an answer came from."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change. A column that may be null needs no new table on SQLite, so that no id is used again."""
    op.add_column("message", sa.Column("prompt_version", sa.Text()))


def downgrade() -> None:
    """Takes the change back."""
    op.execute(sa.text("ALTER TABLE message DROP COLUMN prompt_version"))
