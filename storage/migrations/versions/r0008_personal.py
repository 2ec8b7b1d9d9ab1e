"""What each person used, what they were asked once, and summaries of long threads."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _LONG, nullable=False)


def _moment(name: str) -> "sa.Column[object]":
    return sa.Column(name, _MOMENT, nullable=False)


def _person(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("person.id", name=f"fk_{table}_person_id_person")
    return sa.Column("person_id", _LONG, key, nullable=False)


def _id() -> sa.Column[int]:
    return sa.Column("id", _LONG, primary_key=True, autoincrement=True)


def upgrade() -> None:
    """Makes the change."""
    _make_usage()
    _make_memory()


def _make_usage() -> None:
    op.create_table(
        "usage",
        _id(),
        _person("usage"),
        *map(_text, ("platform", "workspace", "day")),
        *map(_number, ("prompts", "ideas", "characters", "tokens")),
        sa.UniqueConstraint(
            "person_id", "platform", "workspace", "day", name="uq_usage_person_id_platform_workspace_day"
        ),
    )
    op.create_index("ix_usage_platform_workspace_day", "usage", ["platform", "workspace", "day"])
    op.create_table(
        "counted_prompt",
        _id(),
        sa.Column(
            "message_id",
            _LONG,
            sa.ForeignKey("message.id", name="fk_counted_prompt_message_id_message"),
            nullable=False,
        ),
        _person("counted_prompt"),
        _text("platform"),
        _text("workspace"),
        _moment("asked_at"),
        sa.UniqueConstraint("message_id", name="uq_counted_prompt_message_id"),
    )
    for columns in (["person_id", "asked_at"], ["platform", "workspace", "asked_at"]):
        op.create_index(f"ix_counted_prompt_{'_'.join(columns)}", "counted_prompt", columns)


def _make_memory() -> None:
    op.create_table(
        "suggestion",
        _id(),
        _person("suggestion"),
        *map(_text, ("field", "value", "answer")),
        _moment("created_at"),
        sa.UniqueConstraint("person_id", "field", name="uq_suggestion_person_id_field"),
    )
    op.create_table(
        "thread_summary",
        sa.Column(
            "conversation_id",
            _LONG,
            sa.ForeignKey("conversation.id", name="fk_thread_summary_conversation_id_conversation"),
            primary_key=True,
            autoincrement=False,
        ),
        _number("through_id"),
        _text("text"),
        _moment("updated_at"),
    )


def downgrade() -> None:
    """Takes the change back."""
    for table in ("thread_summary", "suggestion", "counted_prompt", "usage"):
        op.drop_table(table)
