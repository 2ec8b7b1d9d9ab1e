"""`riff backup` and `riff restore`: everything that is kept, in one file, and back."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import Failure, run_async, settings
from bot.config.sources import settings_file

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.backup import Backup

KEY_VARIABLE = "RIFF_BACKUP_KEY"

KeyFile = Annotated[
    Path | None, typer.Option(help=f"The file of the key; else ${KEY_VARIABLE}, else it is not encrypted.")
]


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as riff-2026-01-31.backup.")],
    key_file: KeyFile = None,
    new_key: Annotated[bool, typer.Option("--new-key", help="Write a new key into FILE instead.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
) -> None:
    """Write all that Riff keeps into one file, while it runs: rows, settings without secrets, LoRA adapters."""
    if file.exists() and not replace:
        raise Failure(f"{file} is there already; choose another name, or say --replace.")
    if new_key:
        _write_key(file)
        typer.echo(f"{file} holds a new key: keep it apart from the backups, for without it they are lost.")
        return
    loaded, key = settings(), _key(key_file)
    rows = run_async(lambda: asyncio.to_thread(_backed_up, loaded, file, key))
    how = "encrypted" if key else "not encrypted"
    typer.echo(f"{file}: {rows} rows, {how}. Try it: riff restore {file} into an empty database.")


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    key_file: KeyFile = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Erase what is in the database now, and put the backup there.")
    ] = False,
    files: Annotated[
        Path | None, typer.Option(help="An empty folder for the settings and adapters of the backup.")
    ] = None,
) -> None:
    """Put a backup into the configured database, of either kind, which is empty; stop Riff before.

    A backup of an older Riff is brought up to date; one of a newer Riff is refused. All rows are restored or none.
    """
    loaded, key = settings(), _key(key_file)
    if files is not None and files.exists() and any(files.iterdir()):
        raise Failure(f"{files} is not empty; choose another folder.")
    rows = run_async(lambda: asyncio.to_thread(_restored, loaded, file, key, replace, files))
    typer.echo(f"{rows} rows are restored. Next: riff doctor.")


def _backed_up(loaded: "Settings", file: Path, key: str) -> int:
    from storage.address import parse_address
    from storage.backup import Contents, write_backup, write_rows

    address = parse_address(loaded.storage.url.get_secret_value())
    with tempfile.TemporaryDirectory(prefix="riff-backup-") as place:
        folder = Path(place)
        (folder / "rows").mkdir()
        revision, counts = write_rows(address, loaded.storage, folder / "rows")
        if (config := settings_file()).is_file():
            shutil.copyfile(config, folder / "config.toml")
        for name, source in loaded.generator.adapters.items():
            shutil.copytree(Path(source).expanduser(), folder / "adapters" / name)
        write_backup(file, folder, Contents(version("riff"), revision, rows=counts), key)
        return sum(counts.values())


def _restored(loaded: "Settings", file: Path, key: str, replace: bool, files: Path | None) -> int:
    from storage.address import parse_address
    from storage.backup import restore_rows

    address = parse_address(loaded.storage.url.get_secret_value())
    with _opened(file, key) as found:
        counts = restore_rows(address, loaded.storage, found.rows, found.contents.revision, replace=replace)
        if files is not None:
            shutil.copytree(
                found.folder, files, ignore=lambda *_: {"rows", "manifest.json"}, dirs_exist_ok=True
            )
        return sum(counts.values())


@contextmanager
def _opened(file: Path, key: str) -> "Iterator[Backup]":
    from storage.backup import read_backup

    with tempfile.TemporaryDirectory(prefix="riff-restore-") as place:
        yield read_backup(file, Path(place), key)


def _key(file: Path | None) -> str:
    if file is None:
        return os.environ.get(KEY_VARIABLE, "")
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file}: the key cannot be read ({type(error).__name__}).") from error


def _write_key(file: Path) -> None:
    from storage.backup import new_key

    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
            target.write(f"{new_key()}\n")
    except OSError as error:
        raise Failure(f"{file} cannot be written ({error.strerror}).") from error
