"""Whose account a code to link is of, who entered it, tries with wrong codes, and what each linked account brought."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change. Codes that are open now are for ten minutes only: people ask for new ones."""
    op.drop_table("link_code")
    op.create_table(
        "link_code",
        *_old_columns(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "workspace_name", "locale")),
        sa.Column("identity_id", _LONG, _key("link_code", "identity_id", "identity"), nullable=False),
        sa.Column("entered_by_id", _LONG, _key("link_code", "entered_by_id", "identity")),
        *_old_constraints(),
    )
    op.create_index("ix_link_code_identity_id", "link_code", ["identity_id"])
    op.create_index("ix_link_code_entered_by_id", "link_code", ["entered_by_id"])
    op.create_table(
        "link_try",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("person_id", _LONG, _key("link_try", "person_id", "person"), nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_link_try_person_id_tried_at", "link_try", ["person_id", "tried_at"])
    op.create_table(
        "linked_account",
        sa.Column(
            "identity_id",
            _LONG,
            _key("linked_account", "identity_id", "identity"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("suggestions", sa.JSON(), nullable=False),
        sa.Column("training_consent_at", _MOMENT),
        sa.Column("linked_at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Takes the change back."""
    for table in ("linked_account", "link_try", "link_code"):
        op.drop_table(table)
    op.create_table("link_code", *_old_columns(), *_old_constraints())


def _key(table: str, column: str, to: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{column}_{to}")


def _old_columns() -> tuple["sa.Column[object]", ...]:
    return (
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("person_id", _LONG, _key("link_code", "person_id", "person"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )


def _old_constraints() -> tuple[sa.UniqueConstraint, ...]:
    return (
        sa.UniqueConstraint("person_id", name="uq_link_code_person_id"),
        sa.UniqueConstraint("digest", name="uq_link_code_digest"),
    )
