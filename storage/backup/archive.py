"""A backup as one file: a compressed tar archive of rows and further files, with a manifest of their checksums.

A file that comes from somewhere is not trusted: names, sizes and checksums are compared before anything is restored.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from storage.backup.encryption import decrypt, encrypt, is_encrypted, read_key
from storage.backup.errors import BackupError

MANIFEST = "manifest.json"
ROWS = "rows"
FORMAT = 1
_MOST_BYTES = 1 << 40


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a backup: who wrote it and when (ISO 8601), the tables' revision and their rows, and each file's
    SHA-256."""

    riff: str
    revision: str
    written: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    rows: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read and found whole, unpacked in a folder."""

    contents: Contents
    folder: Path

    @property
    def rows(self) -> Path:
        """Where the rows are, a file for each table."""
        return self.folder / ROWS


def write_backup(file: Path, folder: Path, contents: Contents, key: str = "") -> None:
    """Pack all that is in `folder` into `file`, which only its owner may read; encrypted where there is a `key`.

    It appears under its name once it is whole. Raises BackupError.
    """
    secret = read_key(key) if key else b""
    sums = {_name(path, folder): _sum(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    whole = {**asdict(contents), "sums": sums}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=1), encoding="utf-8")
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=file.parent) as packed, _owned(part) as target:
            plain = packed if secret else target
            with tarfile.open(fileobj=plain, mode="w:gz") as archive:
                archive.add(folder / MANIFEST, MANIFEST)
                for name in sums:
                    archive.add(folder / name, name)
            if secret:
                packed.seek(0)
                encrypt(packed, target, secret)
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupError(
            f"{file} cannot be written ({error.strerror or error}); choose another place."
        ) from error


def read_backup(file: Path, folder: Path, key: str = "") -> Backup:
    """Unpack a backup into an empty folder, and compare it with its manifest. Raises BackupError."""
    try:
        if not is_encrypted(file):
            _unpack(file, folder)
        elif not key:
            raise BackupError(f"{file} is encrypted: set RIFF_BACKUP_KEY, or give --key-file.")
        else:
            plain = folder / "plain"
            with file.open("rb") as source, _owned(plain) as target:
                decrypt(source, target, read_key(key))
            _unpack(plain, folder)
            plain.unlink()
        return Backup(_checked(folder), folder)
    except OSError as error:
        raise BackupError(f"{file} cannot be read ({error.strerror or error}).") from error
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise BackupError(f"{file} is no backup of Riff, or was cut off ({type(error).__name__}).") from error


def _unpack(file: Path, folder: Path) -> None:
    with tarfile.open(file, "r:gz") as archive:
        size = 0
        for member in archive:
            size += member.size
            if not member.isfile() or not _is_expected(member.name) or size > _MOST_BYTES:
                raise BackupError(f"{file} is no backup of Riff: it holds {member.name[:80]!r}.")
            archive.extract(member, folder, set_attrs=False, filter="data")


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return False
    return name in {MANIFEST, "config.toml"} or path.parts[0] in {ROWS, "adapters"}


def _checked(folder: Path) -> Contents:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise BackupError("The file is no backup of Riff: it has no manifest.")
    try:
        said: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        contents = Contents(**said)
        names = dict(contents.sums)
    except (ValueError, TypeError, RecursionError) as error:
        raise BackupError("The backup's manifest cannot be read.") from error
    if contents.format != FORMAT:
        raise BackupError("The backup is of a newer Riff; install that version or newer, and restore there.")
    found = {_name(path, folder) for path in folder.rglob("*") if path.is_file()} - {MANIFEST, "plain"}
    if found != set(names):
        raise BackupError("The backup is not whole: files are missing or were added.")
    for name, expected in names.items():
        if _sum(folder / name) != expected:
            raise BackupError(f"The backup was changed or damaged: {name} is not what was written.")
    return contents


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _owned(path: Path) -> Any:
    """The file opened anew for writing, readable by its owner only."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
