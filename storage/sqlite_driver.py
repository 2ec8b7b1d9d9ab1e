"""SQLite connections on which a statement is one trip to the connection's thread, instead of four.

aiosqlite makes a cursor, executes, fetches and closes each with a trip of its own
(https://aiosqlite.omnilib.dev); on a busy event loop it is the trips that a transaction waits for. All rows are
fetched at once, as SQLAlchemy's adapter does anyway.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite

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
        return await self._connection.trip(partial(self._execute, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Execute the statement once for each of the parameters; there are no rows."""
        return await self._connection.trip(partial(self._executemany, sql, parameters))

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

    def _execute(self, sql: str, parameters: Any, connection: sqlite3.Connection) -> Self:
        cursor = connection.execute(sql, parameters)
        return self._keep(cursor, cursor.fetchall() if cursor.description else ())

    def _executemany(self, sql: str, parameters: Any, connection: sqlite3.Connection) -> Self:
        return self._keep(connection.executemany(sql, parameters), ())

    def _keep(self, cursor: sqlite3.Cursor, rows: Iterable[Row]) -> Self:
        self._rows = deque(rows)
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        cursor.close()
        return self


class SqliteConnection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are `OneTripCursor`s."""

    async def trip(self, step: Callable[[sqlite3.Connection], T]) -> T:
        """Run `step` on the connection's thread."""
        result: T = await self._execute(step, self._conn)  # type: ignore[no-untyped-call]
        return result

    def cursor(self) -> SqliteCursor:  # type: ignore[override]
        """A cursor, without a trip."""
        return SqliteCursor(self)


def connect(path: str, **options: Any) -> SqliteConnection:
    """The connection to await; `options` are those of sqlite3.connect. Its thread ends with the process."""
    connection = SqliteConnection(partial(sqlite3.connect, path, **options), _CHUNK)
    connection._thread.daemon = True
    return connection
