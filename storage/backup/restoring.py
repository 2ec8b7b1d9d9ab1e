"""Rows of a backup, put into a database of either kind: all of them or none."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from storage.address import Address, parse_address
from storage.backup.row_lines import insert_rows, tables_of
from storage.backup.snapshot import write_rows
from storage.error_translation import translate
from storage.errors import InvalidValueError, StorageError
from storage.migrations import head, known_revision, upgrade
from storage.settings import StorageSettings
from storage.sql_engine import WRITES, migration_engine


def restore_rows(
    address: Address, settings: StorageSettings, folder: Path, revision: str, *, replace: bool = False
) -> Mapping[str, int]:
    """Put the rows in `folder` into the database, brought up to date; gives how many each table has.

    Rows of an older Riff are first put into tables as they were then, in a file of their own, and upgraded there.
    Raises InvalidValueError for rows of a newer Riff, for a database that is not empty unless it is to be replaced,
    and for rows that do not fit; and StorageError.
    """
    if not known_revision(revision):
        raise InvalidValueError(
            f"The backup is of a newer Riff (revision {revision}); install that version or newer, and restore there."
        )
    if revision == head():
        return _filled(address, settings, folder, replace)
    with tempfile.TemporaryDirectory(prefix="riff-restore-") as place:
        between = parse_address(str(Path(place) / "riff.db"))
        upgrade(between, settings, revision)
        _filled(between, settings, folder, replace=False, migrate=False)
        upgrade(between, settings)
        rows = Path(place) / "rows"
        rows.mkdir()
        write_rows(between, settings, rows)
        return _filled(address, settings, rows, replace)


def _filled(
    address: Address, settings: StorageSettings, folder: Path, replace: bool, *, migrate: bool = True
) -> Mapping[str, int]:
    if migrate:
        upgrade(address, settings)
    engine = migration_engine(address, settings)
    try:
        with engine.connect() as connection, connection.execution_options(**WRITES).begin():
            tables = tables_of(connection)
            _make_room(connection, tables, address, replace)
            counts = {table.name: _put(connection, table, folder) for table in tables}
            _number_on(connection, tables)
            return counts
    except StorageError:
        raise
    except (ValueError, KeyError) as error:
        raise InvalidValueError(f"The backup's rows do not fit: {error}.") from None
    except Exception as error:
        raise translate(error, address) from None
    finally:
        engine.dispose()


def _make_room(connection: Connection, tables: list[Table], address: Address, replace: bool) -> None:
    """Empties the tables, if that is wished; rows that a migration made are nobody's."""
    if replace:
        for table in reversed(tables):
            connection.execute(table.delete())
        return
    for table in tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise InvalidValueError(
                f"The database {address.shown} is not empty: restore into another, or say --replace, which erases"
                " what is in it now."
            )


def _put(connection: Connection, table: Table, folder: Path) -> int:
    file = folder / f"{table.name}.jsonl"
    if not file.is_file():
        raise InvalidValueError(f"The backup lacks the table {table.name}.")
    with file.open(encoding="utf-8") as lines:
        return insert_rows(connection, table, lines)


def _number_on(connection: Connection, tables: list[Table]) -> None:
    """PostgreSQL numbers new rows by itself: on from the last one."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            sequence = connection.execute(
                select(func.pg_get_serial_sequence(table.name, column.name))
            ).scalar_one()
            if sequence:
                last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, last, text("false"))))
