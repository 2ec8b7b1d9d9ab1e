"""Ideas keep their numbers, brainstorms their steps and outcome; who takes part, by the name all can read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NUMBERS = """
    UPDATE board_idea SET number = (
        SELECT count(*) FROM board_idea AS earlier
        WHERE earlier.brainstorm_id = board_idea.brainstorm_id AND earlier.id <= board_idea.id
    )
"""


def upgrade() -> None:
    """Makes the change."""
    op.execute("ALTER TABLE brainstorm RENAME COLUMN phase_minutes TO minutes")
    for name in ("step", "contributions"):
        op.add_column("brainstorm", sa.Column(name, _LONG, nullable=False, server_default="0"))
    op.add_column("brainstorm", sa.Column("locale", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("brainstorm", sa.Column("contributed_at", sa.DateTime(timezone=True)))
    op.add_column("brainstorm", sa.Column("outcome", sa.JSON()))
    op.add_column("board_idea", sa.Column("number", _LONG, nullable=False, server_default="0"))
    op.execute(_NUMBERS)
    op.create_index("uq_board_idea_number", "board_idea", ["brainstorm_id", "number"], unique=True)
    op.create_table(
        "board_participant",
        sa.Column("id", _LONG, primary_key=True, autoincrement=True),
        sa.Column("brainstorm_id", _LONG, sa.ForeignKey("brainstorm.id"), nullable=False),
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.UniqueConstraint("brainstorm_id", "person_id"),
    )
    op.create_index("ix_board_participant_person_id", "board_participant", ["person_id"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("board_participant")
    op.drop_index("uq_board_idea_number", "board_idea")
    op.drop_column("board_idea", "number")
    for name in ("outcome", "contributed_at", "locale", "contributions", "step"):
        op.drop_column("brainstorm", name)
    op.execute("ALTER TABLE brainstorm RENAME COLUMN minutes TO phase_minutes")
