"""Tables as they are in a database, whatever Riff wrote it, and their rows as JSON that loses nothing."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    select,
)
from sqlalchemy.sql.expression import ColumnElement

STEPS = "alembic_version"
"""Alembic's own table, which says what the others look like."""
_AT_ONCE = 500


def tables_of(connection: Connection) -> list[Table]:
    """Riff's tables, those that others point at first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != STEPS]


def rows_of(connection: Connection, table: Table) -> Iterator[str]:
    """Each row as a line of JSON: moments in ISO 8601 and UTC, bytes in base64, JSON as the text that it is."""
    wanted = [_read(column) for column in table.columns]
    query = select(*wanted).order_by(*table.primary_key.columns)
    names = [column.name for column in table.columns]
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield json.dumps(dict(zip(names, map(_told, row), strict=True)), ensure_ascii=False)


def insert_rows(connection: Connection, table: Table, lines: Iterable[str]) -> int:
    """Insert rows; gives how many. A row that points at another of its table is inserted first and then pointed.

    Raises ValueError for a line that is no row of the table.
    """
    pointing = [
        key.parent for key in table.foreign_keys if key.column.table is table and not key.parent.primary_key
    ]
    statement = table.insert().values({column.name: _bound(connection, column) for column in table.columns})
    later: list[dict[str, Any]] = []
    count = 0
    for rows in _some(lines):
        values = [_row(table, line) for line in rows]
        count += len(values)
        for row in values:
            if any(row[column.name] is not None for column in pointing):
                later.append({f"at_{name}": value for name, value in row.items()})
                row.update({column.name: None for column in pointing})
        connection.execute(statement, values)
    if later:
        same = [
            column == bindparam(f"at_{column.name}", type_=column.type)
            for column in table.primary_key.columns
        ]
        back = {column.name: bindparam(f"at_{column.name}", type_=column.type) for column in pointing}
        connection.execute(table.update().where(*same).values(back), later)
    return count


def _read(column: Column[Any]) -> ColumnElement[Any]:
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def _bound(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """JSON arrives as text, which PostgreSQL is told to read."""
    if not isinstance(column.type, JSON):
        return bindparam(column.name, type_=column.type)
    text = bindparam(column.name, type_=Text())
    return cast(text, column.type) if connection.dialect.name == "postgresql" else text


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _row(table: Table, line: str) -> dict[str, Any]:
    said = json.loads(line)
    if not isinstance(said, dict) or set(said) != {column.name for column in table.columns}:
        raise ValueError(f"a line is no row of {table.name}")
    return {column.name: _value(column, said[column.name]) for column in table.columns}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(value)
        return moment if column.type.timezone else moment.astimezone(UTC).replace(tzinfo=None)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    return bool(value) if column.type.python_type is bool else value


def _some(lines: Iterable[str]) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
