"""Links to live boards: a digest of the secret in each, when it ends, and whether it was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "board_link",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column(
            "brainstorm_id",
            _LONG,
            sa.ForeignKey("brainstorm.id", name="fk_board_link_brainstorm_id_brainstorm"),
            nullable=False,
        ),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("digest", name="uq_board_link_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_board_link_brainstorm_id", "board_link", ["brainstorm_id"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("board_link")
