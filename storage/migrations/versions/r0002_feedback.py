"""What people thought of ideas, and whether a model may learn from it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the change."""
    op.add_column("person", sa.Column("training_consent_at", _MOMENT))
    op.create_table(
        "feedback",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("idea_id", _LONG, sa.ForeignKey("idea.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edited_text", sa.Text()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("person_id", "idea_id", "kind"),
    )
    op.create_index("ix_feedback_idea_id", "feedback", ["idea_id"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("feedback")
    op.drop_column("person", "training_consent_at")
