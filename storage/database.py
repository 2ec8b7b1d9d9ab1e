"""The database as the rest of Riff sees it: start, sessions, whose turn it is, close.

Queries are in `storage.repositories`. What a platform waits for goes before what a person waits for: an
acknowledgement is due within milliseconds, an answer within seconds; on one event loop and one SQLite writer the many
transactions of answers would otherwise stand in front of the few that keep new events.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from contextvars import ContextVar
from typing import Any, cast

from aiosqlite import Connection
from opentelemetry import trace
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from storage import sqlite_vacuum
from storage.address import parse_address
from storage.error_translation import translate
from storage.lease_clock import LeaseClock
from storage.settings import StorageSettings
from storage.sql_engine import READS, WRITES, pooled_engine
from storage.sql_meters import FAILURES, TRANSACTIONS

_LINGER_SECONDS = 0.005
"""How long after urgent work the rest still waits, so that its results are sent and the next arrivals taken."""
_PATIENCE_SECONDS = 0.25
"""Longest that the rest waits for urgent work: without end to the arrivals, answers still go on."""


class WriteQueue:
    """One writer at a time on SQLite; on both databases one connection is kept free for urgent work."""

    def __init__(self, connections: int, *, one_writer: bool) -> None:
        self._seats = asyncio.Semaphore(max(1, connections - 1))
        self._one_writer = one_writer
        self._line = asyncio.Lock()  # where the rest queues, so that urgent work has one before it at most
        self._writer = asyncio.Lock()
        self._urgent = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @asynccontextmanager
    async def turn(self, *, writes: bool, urgent: bool) -> AsyncIterator[None]:
        """Waits for the turn and holds it."""
        is_alone = writes and self._one_writer
        line, writer = (self._line, self._writer) if is_alone else (nullcontext(), nullcontext())
        if urgent:
            async with self.hurry(), writer:
                yield
            return
        async with line, self._seats:
            await self._wait_for_calm()
            async with writer:
                yield

    @asynccontextmanager
    async def hurry(self) -> AsyncIterator[None]:
        """Holds back all that is not urgent and has not begun."""
        self._urgent += 1
        self._calm.clear()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._slow_down)

    def _slow_down(self) -> None:
        self._urgent -= 1
        if not self._urgent:
            self._calm.set()

    async def _wait_for_calm(self) -> None:
        if not self._calm.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._calm.wait()


log = logging.getLogger(__name__)
_TRACER = trace.get_tracer("riff.storage")
_SHARED: ContextVar[tuple[asyncio.Task[Any] | None, AsyncSession] | None] = ContextVar("shared", default=None)


class Database:
    """SQLite through aiosqlite or PostgreSQL through psycopg 3.

    Raises AddressError when the configured address cannot be used.
    """

    def __init__(self, settings: StorageSettings) -> None:
        self.settings = settings
        self.address = parse_address(settings.url.get_secret_value())
        self.engine = pooled_engine(self.address, settings)
        # Each statement sees its own moment anyway (READ COMMITTED), so reads need no BEGIN and COMMIT.
        options = {"isolation_level": "AUTOCOMMIT"} if self.is_postgres else {}
        reading = self.engine.execution_options(**READS, **options)
        writing = self.engine.execution_options(**WRITES)
        self._readers = async_sessionmaker(reading, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        self.lease_clock = LeaseClock(is_postgres=self.is_postgres)
        # SQLite lets one connection write at a time; waiting here is fair and takes no connection meanwhile.
        self._turns = WriteQueue(settings.pool_size, one_writer=not self.is_postgres)
        self.hurry = self._turns.hurry
        """While held, what is not urgent begins no transaction, for a quarter of a second at most."""

    @property
    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL; otherwise it is SQLite."""
        return self.address.path is None

    async def start(self) -> None:
        """Makes the file where there is none, migrates and connects.

        Raises UnreachableError, SchemaTooNewError, BusyError or StorageError, each with one sentence to show.
        """
        # Alembic takes a while to import, and only a start needs it.
        from storage.migrations import upgrade

        await asyncio.to_thread(upgrade, self.address, self.settings)
        async with self.session() as session:
            await session.execute(text("SELECT 1"))
        async with self.transaction() as session:
            await self.lease_clock.start(session)
        await self.remove_traces(only_noted=True)

    async def pending_migrations(self) -> int | None:
        """How many steps `start` would take; None for a file that it would make. Changes nothing.

        Raises UnreachableError, SchemaTooNewError or StorageError.
        """
        from storage.migrations import pending

        return await asyncio.to_thread(pending, self.address, self.settings)

    async def round_trip_seconds(self) -> float:
        """How long the smallest question takes."""
        began = time.monotonic()
        async with self.session() as session:
            await session.execute(text("SELECT 1"))
        return time.monotonic() - began

    async def close(self) -> None:
        """Closes every connection; may be called more than once."""
        await self.engine.dispose()

    @asynccontextmanager
    async def session(self, *, urgent: bool = False) -> AsyncIterator[AsyncSession]:
        """For reading, each statement for itself; `urgent` where a platform waits for its acknowledgement."""
        async with self._unit_of_work(self._readers, writes=False, urgent=urgent) as session:
            yield session

    @asynccontextmanager
    async def transaction(self, *, urgent: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that may write; committed at the end, rolled back when anything is raised.

        Within `together` it is a part of that one.
        """
        shared = _SHARED.get()
        if shared is not None and shared[0] is asyncio.current_task():
            yield shared[1]
            return
        async with self._unit_of_work(self._writers, writes=True, urgent=urgent) as session:
            yield session

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """All transactions that this task begins inside are one: kept together or not at all.

        What fails inside fails all of it, so nothing may be caught there.
        """
        async with self.transaction() as session:
            token = _SHARED.set((asyncio.current_task(), session))
            try:
                yield
            finally:
                _SHARED.reset(token)

    async def remove_traces(self, *, only_noted: bool = False) -> str | None:
        """Empties SQLite's files of erased rows; gives what remains as a sentence to show, or None.

        With `only_noted` it does so when an earlier erasure could not. Does nothing on PostgreSQL.
        """
        if self.is_postgres:
            return None
        try:
            async with (
                asyncio.timeout(self.settings.vacuum_timeout_seconds),
                self._turns.turn(writes=True, urgent=False),
                self.engine.connect() as connection,
            ):
                driver = cast(Connection, (await connection.get_raw_connection()).driver_connection)
                if only_noted and not await sqlite_vacuum.has_traces(driver):
                    return None
                return await sqlite_vacuum.remove_traces(driver)
        except (SQLAlchemyError, sqlite3.Error, TimeoutError):
            log.warning("traces of erased rows remain in %s", self.address.shown, exc_info=True)
            return sqlite_vacuum.FILE_REMAINS

    @asynccontextmanager
    async def _unit_of_work(
        self, sessions: async_sessionmaker[AsyncSession], *, writes: bool, urgent: bool
    ) -> AsyncIterator[AsyncSession]:
        kind = "arrival" if urgent else "write" if writes else "read"
        try:
            with (
                _TRACER.start_as_current_span(
                    f"sql.{kind}", record_exception=False, set_status_on_exception=False
                ),
                TRANSACTIONS.labels(kind).time(),
            ):
                async with (
                    asyncio.timeout(self.settings.transaction_timeout_seconds),
                    self._turns.turn(writes=writes, urgent=urgent),
                    sessions.begin() as session,
                ):
                    yield session
        except (SQLAlchemyError, TimeoutError, OSError) as error:
            translated = translate(error, self.address)
            FAILURES.labels(type(translated).__name__).inc()
            raise translated from None
