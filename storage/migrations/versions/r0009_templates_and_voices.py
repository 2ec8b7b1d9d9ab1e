"""Prompt templates of workspaces; examples of a channel's voice, and one that waits for approval."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("platform", "workspace", "name")


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "prompt_template",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _KEY),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(*_KEY, name="uq_prompt_template_platform_workspace_name"),
    )
    with op.batch_alter_table("channel") as channel:
        channel.add_column(sa.Column("voice_examples", sa.JSON(), nullable=False, server_default="[]"))
        channel.add_column(sa.Column("voice_proposal", sa.JSON()))
    with op.batch_alter_table("channel") as channel:
        channel.alter_column("voice_examples", server_default=None)


def downgrade() -> None:
    """Takes the change back."""
    with op.batch_alter_table("channel") as channel:
        channel.drop_column("voice_proposal")
        channel.drop_column("voice_examples")
    op.drop_table("prompt_template")
