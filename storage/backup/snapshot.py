"""All rows of a database at one moment, while others go on writing."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, text

from storage.address import Address
from storage.backup.row_lines import STEPS, rows_of, tables_of
from storage.error_translation import translate
from storage.errors import StorageError, UnreachableError
from storage.settings import StorageSettings
from storage.sql_engine import migration_engine


def write_rows(address: Address, settings: StorageSettings, folder: Path) -> tuple[str, dict[str, int]]:
    """A file of JSON lines for each table, in `folder`; gives the revision of the tables, and how many rows each has.

    Raises StorageError.
    """
    try:
        with snapshot(address, settings) as connection:
            revision = str(connection.execute(text(f"SELECT version_num FROM {STEPS}")).scalar_one())  # noqa: S608
            counts = {}
            for table in tables_of(connection):
                with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
                    counts[table.name] = sum(
                        bool(file.write(f"{line}\n")) for line in rows_of(connection, table)
                    )
            return revision, counts
    except StorageError:
        raise
    except Exception as error:
        raise translate(error, address) from None


@contextmanager
def snapshot(address: Address, settings: StorageSettings) -> Iterator[Connection]:
    """A connection that sees one moment of the database.

    SQLite's online backup (https://www.sqlite.org/backup.html) copies the file, so that a long reading keeps no log
    from being folded in; on PostgreSQL it is a transaction (REPEATABLE READ, read only).
    """
    if address.path is None:
        engine = migration_engine(address, settings)
        try:
            with engine.connect() as connection:
                seeing = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                with seeing.begin():
                    yield seeing
        finally:
            engine.dispose()
        return
    if not address.path.is_file():
        raise UnreachableError(f"There is no database {address.shown} yet.")
    with tempfile.TemporaryDirectory(prefix="riff-backup-") as folder:
        copied = Path(folder) / "riff.db"
        copy_online(address.path, copied)
        with reading(copied, settings) as connection:
            yield connection


def copy_online(path: Path, to: Path) -> None:
    """A copy of a SQLite file at one moment, while others write it."""
    source, target = sqlite3.connect(path), sqlite3.connect(to)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


@contextmanager
def reading(path: Path, settings: StorageSettings) -> Iterator[Connection]:
    """A transaction on a SQLite file that nobody else uses."""
    engine = migration_engine(Address(URL.create("sqlite+aiosqlite", database=str(path)), path), settings)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()
