"""From which workspace of an organisation a brainstorm was started: its settings hold in it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change. What is kept for a whole organisation stays where it is, as what holds beneath its workspaces'."""
    op.add_column("brainstorm", sa.Column("team", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Takes the change back."""
    op.drop_column("brainstorm", "team")
