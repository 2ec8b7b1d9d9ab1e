"""Which command and verb a question used, so that nothing has to be read out of its text again."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MESSAGE = sa.table(
    "message",
    sa.column("id", sa.BigInteger()),
    sa.column("role", sa.Text()),
    sa.column("content", sa.Text()),
    sa.column("command", sa.Text()),
    sa.column("verb", sa.Text()),
)
_COLUMNS = ("command", "verb")
_AT_ONCE = 1000
_TYPED = re.compile(r"/(?P<command>[a-z][a-z0-9-]*)(?=\s|$)\s*(?P<verb>\S*)", re.IGNORECASE)

# The commands, and their verbs, as they were when this step was written.
_VERBS = {
    "ad": "",
    "brainstorm": "",
    "combine": "",
    "consent": "show on off",
    "copy": "",
    "critique": "",
    "design": "",
    "dislike": "",
    "forget": "conversation everything",
    "help": "",
    "improve": "",
    "like": "",
    "link": "",
    "name": "",
    "privacy": "export forget",
    "profile": "show set clear delete yes no",
    "recall": "",
    "recommend": "",
    "save": "",
    "session": "start board idea vote combine improve pause resume extend skip end export",
    "slogan": "",
    "template": "list show add remove",
    "usage": "",
    "use": "",
    "voice": "show set clear learn approve discard",
}
_DEFAULTS = {"consent": "show", "profile": "show", "template": "list", "voice": "show"}

_SET = (
    sa.update(_MESSAGE)
    .where(_MESSAGE.c.id == sa.bindparam("row"))
    .values(command=sa.bindparam("used_command"), verb=sa.bindparam("used_verb"))
)


def upgrade() -> None:
    """Makes the change. Columns that may be null need no new table on SQLite, so that no id is used again."""
    for name in _COLUMNS:
        op.add_column("message", sa.Column(name, sa.Text()))
    _fill(op.get_bind())


def downgrade() -> None:
    """Takes the change back."""
    for name in _COLUMNS:
        op.execute(sa.text(f"ALTER TABLE message DROP COLUMN {name}"))


def _fill(connection: sa.Connection) -> None:
    """Reads the command of each question that there is out of its text, for the last time."""
    asked = _MESSAGE.c.role == "user"
    connection.execute(sa.update(_MESSAGE).where(asked).values(command="", verb=""))
    typed = sa.select(_MESSAGE.c.id, _MESSAGE.c.content).where(asked, _MESSAGE.c.content.like("/%"))
    last = 0
    while rows := connection.execute(
        typed.where(_MESSAGE.c.id > last).order_by(_MESSAGE.c.id).limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        found = [{"row": row.id, **used} for row in rows if (used := _used(row.content))]
        if found:
            connection.execute(_SET, found)


def _used(text: str) -> dict[str, str] | None:
    """The command and verb of a line; None where it uses none of Riff's."""
    found = _TYPED.match(text)
    command = found["command"].lower() if found else ""
    if found is None or command not in _VERBS:
        return None
    verb = found["verb"].lower()
    known = verb in _VERBS[command].split()
    return {"used_command": command, "used_verb": verb if known else _DEFAULTS.get(command, "")}
