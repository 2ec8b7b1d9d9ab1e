"""The first tables: persons, conversations, ideas, audit."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables, those that others point at first."""
    _people()
    _places()
    _messages()
    _ideas()
    _audit()


def downgrade() -> None:
    """Drops the tables and all they hold."""
    for table in ("audit", "idea", "message", "conversation", "channel", "profile", "identity", "person"):
        op.drop_table(table)


def _key() -> sa.Column[int]:
    return sa.Column("id", _LONG, primary_key=True, autoincrement=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _list(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, _MOMENT, nullable=False)


def _points_at(table: str, name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _LONG, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _account() -> list[sa.schema.SchemaItem]:
    names = ("platform", "workspace", "external_id")
    return [*_texts(*names), sa.UniqueConstraint(*names)]


def _people() -> None:
    op.create_table("person", _key(), _moment("created_at"), sqlite_autoincrement=True)
    op.create_table("identity", _key(), _points_at("person", "person_id"), *_account(), _moment("created_at"))
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    op.create_table(
        "profile",
        sa.Column("person_id", _LONG, sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
        *_texts("display_name", "role", "tone", "language", "length", "audience", "brand_voice"),
        _list("interests"),
        _list("use_words"),
        _list("avoid_words"),
        _moment("updated_at"),
    )


def _places() -> None:
    op.create_table(
        "channel",
        _key(),
        *_account(),
        _points_at("person", "owner_id", nullable=True),
        _text("brand_voice"),
        _list("use_words"),
        _list("avoid_words"),
        _moment("created_at"),
    )
    op.create_index("ix_channel_owner_id", "channel", ["owner_id"])
    op.create_table(
        "conversation",
        _key(),
        _points_at("channel", "channel_id"),
        _text("external_id"),
        sa.Column("cleared_through_id", _LONG, nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("channel_id", "external_id"),
        sqlite_autoincrement=True,
    )


def _messages() -> None:
    op.create_table(
        "message",
        _key(),
        _points_at("conversation", "conversation_id"),
        _points_at("person", "person_id"),
        _text("platform"),
        _text("event_id", nullable=True),
        _points_at("message", "in_reply_to_id", nullable=True),
        *_texts("role", "content", "task"),
        _text("outcome", nullable=True),
        _text("model", nullable=True),
        sa.Column("latency_ms", _LONG),
        _moment("created_at"),
        sa.UniqueConstraint("platform", "event_id"),
        sa.UniqueConstraint("in_reply_to_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_conversation_id_id", "message", ["conversation_id", "id"])
    op.create_index("ix_message_person_id", "message", ["person_id"])


def _ideas() -> None:
    op.create_table(
        "idea",
        _key(),
        _points_at("message", "message_id"),
        _points_at("person", "person_id"),
        sa.Column("position", _LONG, nullable=False),
        *_texts("title", "body", "topic", "task"),
        sa.Column("saved", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("message_id", "position"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_idea_person_id_id", "idea", ["person_id", "id"])


def _audit() -> None:
    op.create_table(
        "audit",
        _key(),
        _moment("created_at"),
        _points_at("person", "person_id", nullable=True),
        _points_at("message", "message_id", nullable=True),
        *_texts("direction", "action", "category"),
        sa.Column("score", sa.Double()),
        sa.Column("threshold", sa.Double()),
        *_texts("classifier", "version"),
        sa.Column("stages", sa.JSON(), nullable=False),
        _text("text", nullable=True),
    )
    for column in ("created_at", "person_id", "message_id"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
