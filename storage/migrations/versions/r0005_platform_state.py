"""What adapters note across restarts, and codes that link accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "platform_state",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON()),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("platform", "name", name="uq_platform_state_platform_name"),
    )
    op.create_table(
        "link_code",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column(
            "person_id",
            _LONG,
            sa.ForeignKey("person.id", name="fk_link_code_person_id_person"),
            nullable=False,
        ),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("person_id", name="uq_link_code_person_id"),
        sa.UniqueConstraint("digest", name="uq_link_code_digest"),
    )


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("link_code")
    op.drop_table("platform_state")
