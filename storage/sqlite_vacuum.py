"""Removes what SQLite's files still hold of erased rows.

PRAGMA secure_delete overwrites a deleted row where it stood, but pages that were rearranged before may hold
copies of it, and so does the write-ahead log. VACUUM writes the file anew, and a TRUNCATE checkpoint empties
the log (https://www.sqlite.org/pragma.html#pragma_secure_delete, https://www.sqlite.org/wal.html). That
traces are left is noted in the database's user_version within the transaction that erases: a crash, or
another program that holds the log open, only delays their removal to the next start.

PostgreSQL's old row versions, log and backups are its administrator's to expire.
"""

import sqlite3

import aiosqlite
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FILE_REMAINS = (
    "Traces of it are still in the database file, which another program is using or which has no room to be"
    " written anew; Riff removes them at its next start."
)
LOG_REMAINS = (
    "Traces of it are still in the database's write-ahead log, which another program has open; close that"
    " program, and Riff removes them at its next start."
)


async def note_traces(session: AsyncSession) -> None:
    """Notes, with the transaction that erases, that traces are left; does nothing on PostgreSQL."""
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("PRAGMA user_version = 1"))


async def has_traces(connection: aiosqlite.Connection) -> bool:
    """Whether traces of erased rows were noted and not removed since."""
    return (await _row(connection, "PRAGMA user_version"))[0] != 0


async def remove_traces(connection: aiosqlite.Connection) -> str | None:
    """Empties file and log of erased rows, outside a transaction; gives what remains, or None."""
    try:
        await connection.execute("VACUUM")
    except sqlite3.OperationalError:
        return FILE_REMAINS
    is_busy, *_ = await _row(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    if is_busy:
        return LOG_REMAINS
    await connection.execute("PRAGMA user_version = 0")
    return None


async def _row(connection: aiosqlite.Connection, statement: str) -> tuple[int, ...]:
    async with connection.execute(statement) as cursor:
        row = await cursor.fetchone()
    return tuple(row or ())
