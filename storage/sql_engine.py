"""Makes SQLAlchemy engines for both databases; opens no connection.

SQLite: the driver's own transaction handling is off and every transaction begins explicitly, a writing one
with BEGIN IMMEDIATE, so that it waits for its turn (busy_timeout) instead of failing when it first writes
(https://www.sqlite.org/lang_transaction.html). PostgreSQL: READ COMMITTED, with timeouts kept by the server.
"""

import json
from functools import partial
from math import ceil
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage import sqlite_driver
from storage.address import Address
from storage.settings import StorageSettings

WRITES = {"riff_writes": True}
"""Execution option of a connection whose transactions write."""

_serialize = partial(json.dumps, ensure_ascii=False, allow_nan=False)


def pooled_engine(address: Address, settings: StorageSettings) -> AsyncEngine:
    """The engine that serves sessions: a bounded pool of checked connections."""
    if address.path is None:
        arguments = _postgres_arguments(address.url, settings, settings.statement_timeout_seconds)
    else:
        arguments = {
            "async_creator_fn": sqlite_driver.connect,
            **_sqlite_arguments(settings.busy_timeout_ms / 1000),
        }
    engine = create_async_engine(
        address.url,
        connect_args=arguments,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.transaction_timeout_seconds,
        pool_pre_ping=address.path is None,
        pool_recycle=1800,
        hide_parameters=True,
        json_serializer=_serialize,
    )
    if address.path is not None:
        _prepare_sqlite(engine.sync_engine, foreign_keys=True)
    return engine


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
        writes = connection.get_execution_options().get("riff_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
