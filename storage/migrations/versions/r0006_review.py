"""Settings of workspaces and channels; where a moderated text stood, and what a moderator made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_PLACE = ("platform", "workspace", "channel")


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "scope_settings",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _PLACE),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.UniqueConstraint(*_PLACE, name="uq_scope_settings_platform_workspace_channel"),
    )
    op.create_table(
        "scope_change",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _PLACE),
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id", name="fk_scope_change_person_id_person")),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
    )
    op.create_index("ix_scope_change_created_at", "scope_change", ["created_at"])
    op.create_index("ix_scope_change_person_id", "scope_change", ["person_id"])
    with op.batch_alter_table("audit") as audit:
        for name in (*_PLACE, "review"):
            audit.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        audit.add_column(sa.Column("context", sa.Text()))
        audit.add_column(sa.Column("reviewed_at", _MOMENT))
        audit.add_column(sa.Column("reviewer_id", _LONG))
        audit.create_foreign_key("fk_audit_reviewer_id_person", "person", ["reviewer_id"], ["id"])
    with op.batch_alter_table("audit") as audit:
        for name in (*_PLACE, "review"):
            audit.alter_column(name, server_default=None)
    op.create_index("ix_audit_reviewer_id", "audit", ["reviewer_id"])
    op.create_index("ix_audit_review_id", "audit", ["review", "id"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_index("ix_audit_review_id", "audit")
    op.drop_index("ix_audit_reviewer_id", "audit")
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint("fk_audit_reviewer_id_person", type_="foreignkey")
        for name in (*_PLACE, "review", "context", "reviewed_at", "reviewer_id"):
            audit.drop_column(name)
    op.drop_table("scope_change")
    op.drop_table("scope_settings")
