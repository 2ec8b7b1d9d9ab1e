"""Backups: every row at one moment, in a form that either kind of database can be restored from.

Rows are JSON lines and not pg_dump's format or a copy of SQLite's file, so that a team that outgrows one database
restores into the other, and so that no client program of the right version is needed.
"""

from storage.backup.archive import Backup, Contents, read_backup, write_backup
from storage.backup.encryption import new_key
from storage.backup.errors import BackupError
from storage.backup.restoring import restore_rows
from storage.backup.snapshot import write_rows

__all__ = [
    "Backup",
    "BackupError",
    "Contents",
    "new_key",
    "read_backup",
    "restore_rows",
    "write_backup",
    "write_rows",
]
