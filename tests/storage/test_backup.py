"""Backups: taken under load, restored into either kind of database; older ones are upgraded, changed ones refused."""

import asyncio
import io
import itertools
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from storage.address import parse_address
from storage.backup import BackupError, Contents, new_key, read_backup, restore_rows, write_backup, write_rows
from storage.backup.encryption import decrypt, encrypt
from storage.backup.row_lines import rows_of, tables_of
from storage.backup.snapshot import snapshot
from storage.database import Database
from storage.errors import InvalidValueError
from storage.migrations import head
from storage.repositories import Conversations, People
from storage.settings import StorageSettings
from storage.values.records import Account, Outcome, Place
from tests.support.postgres import shared_cluster

RELEASES = Path(__file__).parent / "releases"
KINDS = ("sqlite", "postgresql")
DEFAULTS = StorageSettings()

MakeDatabase = Callable[[str], str]
Rows = dict[str, list[str]]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[MakeDatabase]:
    """Makes an empty database of a kind."""
    cluster, made, numbers = shared_cluster(), [], itertools.count()

    def make(kind: str) -> str:
        if kind == "sqlite":
            return str(tmp_path / f"riff-{next(numbers)}.db")
        made.append(cluster.create_database())
        return cluster.url(made[-1])

    yield make
    for name in made:
        cluster.drop_database(name)


def all_rows(url: str) -> Rows:
    with snapshot(parse_address(url), DEFAULTS) as connection:
        return {table.name: list(rows_of(connection, table)) for table in tables_of(connection)}


def of_release(kind: str, url: str) -> None:
    """The database as release 0.1.0 left it, after some answers and a brainstorm."""
    script = (RELEASES / f"0.1.0.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with sqlite3.connect(url) as connection:
            connection.executescript(script)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(script.encode())


async def backed_up(url: str, folder: Path, key: str = "") -> Path:
    rows = folder / "written" / "rows"
    rows.mkdir(parents=True)
    revision, counts = await asyncio.to_thread(write_rows, parse_address(url), DEFAULTS, rows)
    file = folder / "riff.backup"
    write_backup(file, rows.parent, Contents("0", revision, rows=counts), key)
    return file


async def restored(file: Path, url: str, folder: Path, key: str = "", *, replace: bool = False) -> None:
    def restore() -> None:
        folder.mkdir()
        found = read_backup(file, folder, key)
        restore_rows(parse_address(url), DEFAULTS, found.rows, found.contents.revision, replace=replace)

    await asyncio.to_thread(restore)


@pytest.mark.parametrize("kind", KINDS)
async def test_taken_under_load_it_is_one_moment_and_restores_into_both_kinds(
    kind: str, empty: MakeDatabase, tmp_path: Path
) -> None:
    url = empty(kind)
    database = Database(StorageSettings(url=SecretStr(url)))
    await database.start()
    people, conversations = People(database), Conversations(database)
    person = await people.find_or_create(Account("console", "", "someone"))
    stop = asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            place = Place("console", "", "c", f"t{written % 7}")
            question = await conversations.remember(
                person, place, f"q{written} \U0001f4a1", event_id=f"e{written}"
            )
            assert question is not None
            await conversations.conclude(question.id, Outcome.ANSWERED, latency_ms=written)
            written += 1

    writer = asyncio.create_task(write())
    while written < 20:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    key = new_key()
    file = await backed_up(url, tmp_path, key)
    during = written
    while written < during + 5:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    stop.set()
    await writer
    await database.close()

    both: list[Rows] = []
    for target in KINDS:
        new = empty(target)
        await restored(file, new, tmp_path / f"read-{target}", key)
        both.append(all_rows(new))
    assert both[0] == both[1]
    kept = [json.loads(line) for line in both[0]["message"]]
    assert 20 <= len(kept) <= during + 1
    assert len(kept) < written
    assert sorted(int(row["event_id"][1:]) for row in kept) == list(range(len(kept)))
    assert set(both[0]["message"][:-1]) <= set(all_rows(url)["message"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_database_of_the_first_release_is_upgraded_and_restored_with_all_its_rows(
    kind: str, empty: MakeDatabase, tmp_path: Path
) -> None:
    url = empty(kind)
    of_release(kind, url)
    before = all_rows(url)
    old = await backed_up(url, tmp_path / "old")
    database = Database(StorageSettings(url=SecretStr(url)))
    await database.start()
    await database.close()
    upgraded = all_rows(url)

    new = empty(next(other for other in KINDS if other != kind))
    await restored(old, new, tmp_path / "read")
    assert all_rows(new) == upgraded
    again = Database(StorageSettings(url=SecretStr(new)))
    await again.start()
    assert await People(again).find_or_create(Account("console", "", "new here")) > 1
    await again.close()
    for name in ("message", "idea", "board_idea", "audit", "feedback"):
        assert len(upgraded[name]) == len(before[name]) > 0
    said = {json.loads(line)["content"] for line in before["message"]}
    assert said == {json.loads(line)["content"] for line in upgraded["message"]}


async def test_what_is_not_empty_is_kept_unless_it_is_to_be_replaced(
    empty: MakeDatabase, tmp_path: Path
) -> None:
    one, other = empty("sqlite"), empty("sqlite")
    of_release("sqlite", one)
    file = await backed_up(one, tmp_path)
    of_release("sqlite", other)
    with sqlite3.connect(other) as connection:
        connection.execute("UPDATE person SET id = 7")
    connection.close()
    before = all_rows(other)

    with pytest.raises(InvalidValueError, match="is not empty"):
        await restored(file, other, tmp_path / "a")
    assert {name: len(rows) for name, rows in all_rows(other).items() if name in before} == {
        name: len(rows) for name, rows in before.items()
    }
    await restored(file, other, tmp_path / "b", replace=True)
    assert [json.loads(line)["id"] for line in all_rows(other)["person"]] == [1]


@contextmanager
def changed(file: Path, member: str, content: bytes) -> Iterator[Path]:
    """The backup with one of its files replaced, or another in it."""
    other = file.with_suffix(".changed")
    with tarfile.open(file, "r:gz") as source, tarfile.open(other, "w:gz") as target:
        names = {one.name: source.extractfile(one).read() for one in source}  # type: ignore[union-attr]
        for name, said in {**names, member: content}.items():
            info = tarfile.TarInfo(name)
            info.size = len(said)
            target.addfile(info, io.BytesIO(said))
    yield other
    other.unlink()


async def test_a_backup_that_was_changed_is_refused(empty: MakeDatabase, tmp_path: Path) -> None:
    url = empty("sqlite")
    of_release("sqlite", url)
    file = await backed_up(url, tmp_path)

    for number, (member, content, why) in enumerate(
        (
            ("rows/person.jsonl", b"{}\n", "was changed or damaged: rows/person.jsonl"),
            ("rows/more.jsonl", b"", "files are missing or were added"),
            ("../../outside", b"", "is no backup of Riff"),
            ("manifest.json", b"[", "manifest cannot be read"),
            ("manifest.json", b'{"riff": "9", "revision": "0001", "format": 2}', "of a newer Riff"),
        )
    ):
        folder = tmp_path / f"read{number}"
        folder.mkdir()
        with changed(file, member, content) as other, pytest.raises(BackupError, match=why):
            read_backup(other, folder)
    cut = tmp_path / "cut"
    cut.write_bytes(file.read_bytes()[:-200])
    (tmp_path / "read").mkdir()
    with pytest.raises(BackupError, match="cut off"):
        read_backup(cut, tmp_path / "read")


async def test_a_backup_of_a_newer_riff_is_refused(empty: MakeDatabase, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="newer Riff"):
        await asyncio.to_thread(restore_rows, parse_address(empty("sqlite")), DEFAULTS, tmp_path, "9999")
    assert head() != "9999"


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "config.toml").write_text("secret words")
    key, file = new_key(), tmp_path / "riff.backup"
    write_backup(file, folder, Contents("0", "0001"), key)

    assert b"secret words" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    for wrong, why in ((new_key(), "the key is another"), ("", "is encrypted"), ("short", "is not one")):
        place = tmp_path / f"read{len(why)}"
        place.mkdir()
        with pytest.raises(BackupError, match=why):
            read_backup(file, place, wrong)


@settings(max_examples=25, deadline=None)
@given(
    size=st.integers(0, 3 << 20), where=st.integers(0, 1 << 22), how=st.sampled_from(["flip", "cut", "keep"])
)
def test_encrypted_files_come_back_whole_or_not_at_all(size: int, where: int, how: str) -> None:
    key, plain = b"k" * 32, bytes(size)
    packed = io.BytesIO()
    encrypt(io.BytesIO(plain), packed, key)
    said = bytearray(packed.getvalue())
    at = len(b"riff-backup-1\n") + where % (len(said) - len(b"riff-backup-1\n"))
    if how == "flip":
        said[at] ^= 1
    elif how == "cut":
        del said[at:]
    back = io.BytesIO()
    if how == "keep":
        decrypt(io.BytesIO(bytes(said)), back, key)
        assert back.getvalue() == plain
    else:
        with pytest.raises(BackupError):
            decrypt(io.BytesIO(bytes(said)), back, key)
