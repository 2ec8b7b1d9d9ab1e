"""The database: whether it is there and quick, what an upgrade would do, and how long what is kept."""

import os
from pathlib import Path
from statistics import median

from bot.config import Settings
from bot.startup_checks.findings import Check, Level
from storage.database import Database
from storage.errors import UnreachableError

_TRIPS = 7
_SLOW_SECONDS = 0.05


async def check_database(settings: Settings) -> list[Check]:
    """Looks, and changes nothing: no file is made, and no step of an upgrade taken. Raises StorageError."""
    database = Database(settings.storage)
    kind = "PostgreSQL" if database.is_postgres else f"SQLite, {database.address.path}"
    try:
        pending = await database.pending_migrations()
        if pending is None and database.address.path is not None:
            return [_new_file(database.address.path, kind)]
        trip = median([await database.round_trip_seconds() for _ in range(_TRIPS)])
    finally:
        await database.close()
    return [_speed(kind, trip), _migrations(pending or 0)]


def _new_file(path: Path, kind: str) -> Check:
    """Of a file that the first start makes."""
    there = next(folder for folder in path.parents if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise UnreachableError(f"{there} may not be written to; let Riff's user do so, or set storage.url.")
    return Check("database", Level.OK, f"{kind}; the first start makes it.")


def _speed(kind: str, seconds: float) -> Check:
    told = f"{kind}; reachable, a round trip takes {seconds * 1000:.1f} ms."
    if seconds < _SLOW_SECONDS:
        return Check("database", Level.OK, told)
    cure = "Each answer needs dozens: bring Riff nearer to the database, or give the disk less to do."
    return Check("database", Level.WARNING, f"{told} {cure}")


def _migrations(pending: int) -> Check:
    if not pending:
        return Check("migrations", Level.OK, "tables are up to date.")
    steps = "1 step" if pending == 1 else f"{pending} steps"
    cure = "`riff db upgrade` takes them, and so does the next start; keep a copy of the database before."
    return Check("migrations", Level.WARNING, f"{steps} to the tables of this version. {cure}")


async def check_retention(settings: Settings) -> list[Check]:
    """What is kept for how long."""
    storage = settings.storage
    audit = (
        f"texts of the audit are kept {_days(storage.audit_text_days)} (storage.audit_text_days)"
        if storage.keep_audit_text
        else "the audit keeps no texts (storage.keep_audit_text)"
    )
    events = f"ids of answered events {_days(settings.inbox.retention_days)} (inbox.retention_days)"
    people = "prompts, answers and profiles until `riff privacy forget` or a person's own command"
    return [Check("retention", Level.OK, f"{audit}; {events}; {people}.")]


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{days:g} days"
