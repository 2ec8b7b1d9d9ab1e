"""Brings the tables of a database to the form that the models describe, and back.

Synchronous; `storage.database` runs it off the event loop. Processes that start together take turns: by a
file lock on SQLite, by an advisory lock on PostgreSQL
(https://www.postgresql.org/docs/current/explicit-locking.html). All steps run in one transaction: an upgrade
happens whole or not at all.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import Connection, text

from storage.address import Address
from storage.error_translation import translate
from storage.errors import BusyError, InvalidValueError, SchemaTooNewError, StorageError, UnreachableError
from storage.settings import StorageSettings
from storage.sql_engine import WRITES, migration_engine

_ADVISORY_LOCK = 0x52494646
# Alembic keeps the migration under way in module globals: one at a time in a process.
_one_at_a_time = Lock()


def upgrade(address: Address, settings: StorageSettings, revision: str = "head") -> None:
    """Brings the database up to `revision`, making the file and its folder where there is none.

    Raises SchemaTooNewError when a newer Riff wrote it, UnreachableError, BusyError or StorageError.
    """
    if address.path is not None:
        _make_file(address.path)
    with _migrating(address, settings) as connection:
        _refuse_newer(connection, address)
        _run(command.upgrade, connection, revision)


def downgrade(address: Address, settings: StorageSettings, revision: str) -> None:
    """Takes the database back to `revision` ("base" for no tables), which loses what the later form held."""
    with _migrating(address, settings) as connection:
        _refuse_newer(connection, address)
        _run(command.downgrade, connection, revision)


def pending(address: Address, settings: StorageSettings) -> int | None:
    """How many steps `upgrade` would take; None for a SQLite file that is not there. Changes nothing.

    Raises SchemaTooNewError, UnreachableError or StorageError.
    """
    if address.path is not None and not address.path.is_file():
        return None
    engine = migration_engine(address, settings)
    try:
        with engine.connect() as connection:
            _refuse_newer(connection, address)
            found = MigrationContext.configure(connection).get_current_revision()
    except StorageError:
        raise
    except Exception as error:
        raise translate(error, address) from None
    finally:
        engine.dispose()
    return len(list(ScriptDirectory.from_config(_config()).iterate_revisions("head", found or "base")))


def head() -> str:
    """The revision that this version of Riff works with."""
    (revision,) = ScriptDirectory.from_config(_config()).get_heads()
    return revision


def known_revision(revision: str) -> bool:
    """Whether this version of Riff can bring tables of that revision up to date."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except (CommandError, ResolutionError):
        return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(step: Callable[[Config, str], None], connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        step(config, revision)
    except CommandError as error:
        raise InvalidValueError(f"There is no step of the database named {revision!r}.") from error


def _refuse_newer(connection: Connection, address: Address) -> None:
    scripts = ScriptDirectory.from_config(_config())
    for revision in MigrationContext.configure(connection).get_current_heads():
        try:
            scripts.get_revision(revision)
        except (CommandError, ResolutionError) as error:
            raise SchemaTooNewError(
                f"The database {address.shown} was written by a newer Riff (revision {revision}); install"
                " that version or newer, or use another database."
            ) from error


@contextmanager
def _migrating(address: Address, settings: StorageSettings) -> Iterator[Connection]:
    engine = migration_engine(address, settings)
    try:
        with _one_at_a_time, _file_lock(address, settings), engine.connect() as connection:
            if address.path is not None:
                connection.connection.cursor().execute("PRAGMA journal_mode=WAL")
            with connection.execution_options(**WRITES).begin():
                if address.path is None:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
                yield connection
    except Timeout as error:
        raise BusyError(
            f"Another program is changing the database {address.shown} for too long; try again."
        ) from error
    except StorageError:
        raise
    except Exception as error:
        raise translate(error, address) from None
    finally:
        engine.dispose()


def _file_lock(address: Address, settings: StorageSettings) -> FileLock | nullcontext[None]:
    if address.path is None:
        return nullcontext()
    return FileLock(f"{address.path}.lock", timeout=settings.migration_timeout_seconds, mode=0o600)


def _make_file(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its log files the same permissions."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UnreachableError(
            f"The database file {path} cannot be made or written ({error.strerror}); choose another"
            " place for it."
        ) from error
