"""From which workspace of an organisation a brainstorm was started; which answers one person alone was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OUTSIDE_OF_THREADS = (
    "conversation_id IN (SELECT conversation.id FROM conversation JOIN channel ON channel.id = conversation.channel_id"
    " WHERE channel.platform = 'slack' AND channel.owner_id IS NULL AND conversation.external_id = '')"
)


def upgrade() -> None:
    """Makes the change. What is kept for a whole organisation stays where it is, as what holds beneath its workspaces'.

    In a channel of Slack, what stands outside of any thread was told to one person: all others are answered in threads.
    """
    op.add_column("brainstorm", sa.Column("team", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("message", sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text(f"UPDATE message SET is_private = true WHERE {_OUTSIDE_OF_THREADS}"))  # noqa: S608 - words of this file
    op.execute(sa.text(f"DELETE FROM thread_summary WHERE {_OUTSIDE_OF_THREADS}"))  # noqa: S608 - words of this file


def downgrade() -> None:
    """Takes the change back."""
    op.drop_column("message", "is_private")
    op.drop_column("brainstorm", "team")
