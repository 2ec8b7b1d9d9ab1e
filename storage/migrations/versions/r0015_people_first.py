"""How many ideas people post before Riff adds any; which part of what Riff can write a topic's next list is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the change. In brainstorms that run already Riff takes part as it did when they were started."""
    op.add_column("brainstorm", sa.Column("people_first", _BIG, nullable=False, server_default=sa.text("0")))
    op.create_table(
        "allotment",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("given", _BIG, nullable=False),
        sa.UniqueConstraint("platform", "workspace", "topic", name="uq_allotment_platform_workspace_topic"),
    )


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("allotment")
    op.execute(sa.text("ALTER TABLE brainstorm DROP COLUMN people_first"))
