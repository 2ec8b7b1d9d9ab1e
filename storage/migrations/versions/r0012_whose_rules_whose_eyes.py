"""From which workspace of an organisation a brainstorm was started; which answers one person alone was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHANNEL = sa.table("channel", sa.column("id"), sa.column("platform"), sa.column("owner_id"))
_CONVERSATION = sa.table("conversation", sa.column("id"), sa.column("channel_id"), sa.column("external_id"))
_MESSAGE = sa.table("message", sa.column("conversation_id"), sa.column("is_private", sa.Boolean()))
_SUMMARY = sa.table("thread_summary", sa.column("conversation_id"))


def upgrade() -> None:
    """Makes the change. What is kept for a whole organisation stays, as what holds beneath its workspaces'.

    In a channel of Slack, what stands outside of any thread was told to one person: all others are answered in threads.
    """
    op.add_column("brainstorm", sa.Column("team", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("message", sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
    shared = sa.select(_CHANNEL.c.id).where(_CHANNEL.c.platform == "slack", _CHANNEL.c.owner_id.is_(None))
    outside = sa.select(_CONVERSATION.c.id).where(
        _CONVERSATION.c.external_id == "", _CONVERSATION.c.channel_id.in_(shared)
    )
    op.execute(
        sa.update(_MESSAGE).where(_MESSAGE.c.conversation_id.in_(outside)).values(is_private=sa.true())
    )
    op.execute(sa.delete(_SUMMARY).where(_SUMMARY.c.conversation_id.in_(outside)))


def downgrade() -> None:
    """Takes the change back."""
    op.drop_column("message", "is_private")
    op.drop_column("brainstorm", "team")
