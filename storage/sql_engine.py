"""Makes SQLAlchemy engines for both databases; opens no connection.

SQLite: the driver's own transaction handling is off and every transaction begins explicitly, a writing one
with BEGIN IMMEDIATE, so that it waits for its turn (busy_timeout) instead of failing when it first writes
(https://www.sqlite.org/lang_transaction.html). A statement is one trip to the connection's thread: aiosqlite makes
four of it (https://aiosqlite.omnilib.dev), and on a busy event loop it is the trips that a transaction waits for. A
transaction begins on the trip of its first statement, and what began none needs no trip to end.
PostgreSQL: READ COMMITTED, with timeouts kept by the server.
"""

import json
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import ceil
from typing import Any, Self, TypeVar

import aiosqlite
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from typing_extensions import override

from storage.address import Address
from storage.settings import StorageSettings

T = TypeVar("T")
Row = tuple[Any, ...]
_CHUNK = 64


class SqliteCursor:
    """A cursor as SQLAlchemy's asyncio adapter wants it; the rows of the last statement are here already."""

    def __init__(self, connection: "SqliteConnection") -> None:
        self._connection = connection
        self._rows: deque[Row] = deque()
        self.description: Sequence[tuple[Any, ...]] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Execute one statement and fetch its rows."""
        return await self._connection.trip(partial(self._run, sqlite3.Connection.execute, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Execute the statement once for each of the parameters; there are no rows."""
        return await self._connection.trip(
            partial(self._run, sqlite3.Connection.executemany, sql, parameters)
        )

    async def fetchone(self) -> Row | None:
        """The next row."""
        return self._rows.popleft() if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        """Up to `size` rows."""
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    async def fetchall(self) -> list[Row]:
        """The remaining rows."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def close(self) -> None:
        """Nothing is open: each statement's own cursor was closed in its trip."""

    def _run(
        self,
        execute: Callable[[sqlite3.Connection, str, Any], sqlite3.Cursor],
        sql: str,
        parameters: Any,
        connection: sqlite3.Connection,
    ) -> Self:
        self._connection.begin_if_due(connection)
        cursor = execute(connection, sql, parameters)
        self._rows = deque(cursor.fetchall() if cursor.description else ())
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        cursor.close()
        return self


class SqliteConnection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are `SqliteCursor`s; makes no trip that would do nothing."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], chunk: int) -> None:
        super().__init__(connector, chunk)
        self._sent = 0  # counted on the event loop
        self._done = 0  # counted on the thread
        self.begins = False
        """Whether a transaction that writes begins with the next statement."""

    def begin_if_due(self, connection: sqlite3.Connection) -> None:
        """On the connection's thread, before a statement."""
        if self.begins:
            self.begins = False
            connection.execute("BEGIN IMMEDIATE").close()

    @override
    async def commit(self) -> None:
        """Without a trip where there is nothing to commit."""
        if self._may_have_begun():
            await super().commit()

    @override
    async def rollback(self) -> None:
        """Without a trip where nothing has begun; a statement that nobody waits for any more may have begun it."""
        if self._may_have_begun():
            await super().rollback()

    def _may_have_begun(self) -> bool:
        is_idle = self._sent == self._done
        if is_idle:
            self.begins = False
        return not is_idle or self._conn.in_transaction

    @override
    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._sent += 1
        return await super()._execute(self._counted, fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _counted(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._done += 1

    async def trip(self, step: Callable[[sqlite3.Connection], T]) -> T:
        """Run `step` on the connection's thread."""
        result: T = await self._execute(step, self._conn)
        return result

    @override
    def cursor(self) -> SqliteCursor:  # type: ignore[override]
        """A cursor, without a trip."""
        return SqliteCursor(self)


def connect(path: str, **options: Any) -> SqliteConnection:
    """The connection to await; `options` are those of sqlite3.connect. Its thread ends with the process."""
    connection = SqliteConnection(partial(sqlite3.connect, path, **options), _CHUNK)
    connection._thread.daemon = True
    return connection


_LAST_USED = "riff_last_used"
_IDLE_SECONDS = 1.0

READS = {"riff_reads": True}
"""Execution option of a connection that must not write."""
WRITES = {"riff_writes": True}
"""Execution option of a connection whose transactions write."""

_serialize = partial(json.dumps, ensure_ascii=False, allow_nan=False)


def pooled_engine(address: Address, settings: StorageSettings) -> AsyncEngine:
    """The engine that serves sessions: a bounded pool of checked connections."""
    if address.path is None:
        arguments = _postgres_arguments(address.url, settings, settings.statement_timeout_seconds)
    else:
        arguments = {
            "async_creator_fn": connect,
            **_sqlite_arguments(settings.busy_timeout_ms / 1000),
        }
    engine = create_async_engine(
        address.url,
        connect_args=arguments,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.transaction_timeout_seconds,
        pool_recycle=1800,
        hide_parameters=True,
        json_serializer=_serialize,
    )
    if address.path is not None:
        _prepare_sqlite(engine.sync_engine, foreign_keys=True)
    else:
        _ping_the_idle(engine.sync_engine)
    event.listen(engine.sync_engine, "before_cursor_execute", _refuse_writes)
    return engine


def _refuse_writes(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    if connection.get_execution_options().get("riff_reads") and not statement.startswith(
        ("SELECT", "WITH", "PRAGMA")
    ):
        raise InvalidRequestError("what only reads was to write")


def _ping_the_idle(engine: Engine) -> None:
    """A connection that nobody used for a while is tried before it is given out; one in use costs no trip."""

    def on_checkin(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info[_LAST_USED] = time.monotonic()

    def on_checkout(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        used = entry.info.get(_LAST_USED)
        if used is None or time.monotonic() - used < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", on_checkin)
    event.listen(engine, "checkout", on_checkout)


def migration_engine(address: Address, settings: StorageSettings) -> Engine:
    """The engine that migrates: synchronous, no pool, patient.

    Foreign keys are off on SQLite because a table is altered by making a new one and dropping the old
    (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    patience = settings.migration_timeout_seconds
    if address.path is None:
        arguments = _postgres_arguments(address.url, settings, patience)
        return create_engine(address.url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
    engine = create_engine(
        address.url.set(drivername="sqlite+pysqlite"),
        connect_args=_sqlite_arguments(patience),
        poolclass=NullPool,
        hide_parameters=True,
    )
    _prepare_sqlite(engine, foreign_keys=False)
    return engine


def _sqlite_arguments(timeout_seconds: float) -> dict[str, Any]:
    return {"timeout": timeout_seconds, "isolation_level": None}


def _postgres_arguments(url: URL, settings: StorageSettings, timeout_seconds: float) -> dict[str, Any]:
    milliseconds = ceil(timeout_seconds * 1000)
    own = url.query.get("options", "")
    timeouts = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
    return {
        "application_name": "riff",
        "connect_timeout": ceil(settings.connect_timeout_seconds),
        "options": f"{timeouts} {own if isinstance(own, str) else ' '.join(own)}".strip(),
        "tcp_user_timeout": milliseconds,
    }


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            "secure_delete=ON",
            "synchronous=NORMAL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("riff_writes", False):
            return  # what only reads needs no transaction
        driver = connection.connection.driver_connection
        if isinstance(driver, SqliteConnection):
            driver.begins = True
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
