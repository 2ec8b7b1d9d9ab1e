"""Starting, failing with one clear sentence, and working at once without getting in each other's way."""

import asyncio
import logging
import random
import socket
import sqlite3
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from storage.database import Database
from storage.errors import BusyError, StorageError, UnreachableError
from storage.models import Person
from storage.repositories import Conversations, People
from storage.settings import StorageSettings
from storage.values.records import Account, Place


async def failure(url: str) -> StorageError:
    database = Database(StorageSettings(url=SecretStr(url), connect_timeout_seconds=2))
    with pytest.raises(StorageError) as caught:
        await database.start()
    await database.close()
    assert caught.value.say.endswith(".")
    assert "\n" not in caught.value.say
    return caught.value


def whole_story(error: BaseException) -> str:
    """All that a log would show of the error."""
    return "".join(traceback.format_exception(error))


async def test_a_server_that_is_away_is_one_sentence_without_the_password() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = await failure(f"postgresql://u:hunter2@127.0.0.1:{closed.getsockname()[1]}/riff")
    assert isinstance(error, UnreachableError)
    assert "cannot be reached" in error.say
    assert "hunter2" not in whole_story(error)


async def test_a_missing_database_and_a_missing_user_are_told_apart(postgres_url: str) -> None:
    name = postgres_url.split("@/")[1].split("?")[0]
    missing = await failure(postgres_url.replace(name, "absent"))
    assert "create it" in missing.say
    unknown = await failure(postgres_url.replace("riff@", "absent:hunter2@"))
    assert "user" in unknown.say
    assert "hunter2" not in whole_story(unknown)


async def test_a_user_who_may_not_make_tables_is_told_so(postgres_url: str) -> None:
    database = Database(StorageSettings(url=SecretStr(postgres_url)))
    async with database.transaction() as session:
        await session.execute(text("DROP ROLE IF EXISTS guest"))
        await session.execute(text("CREATE ROLE guest LOGIN"))
    await database.close()
    error = await failure(postgres_url.replace("riff@", "guest@"))
    assert "grant" in error.say


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = await failure(str(tmp_path / "file" / "riff.db"))
    assert isinstance(error, UnreachableError)
    assert "another place" in error.say


async def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    assert isinstance(await failure(str(tmp_path)), UnreachableError)


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    content = "not a database at all\n" * 500
    file.write_text(content)
    assert "not a SQLite database" in (await failure(str(file))).say
    assert file.read_text() == content


async def test_the_file_is_private_and_in_wal_mode(sqlite_settings: StorageSettings) -> None:
    database = Database(sqlite_settings)
    await database.start()
    path = database.address.path
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    async with database.session() as session:
        pragmas = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "synchronous", "busy_timeout")
        }
    await database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "synchronous": 1,
        "busy_timeout": sqlite_settings.busy_timeout_ms,
    }


async def test_what_is_raised_inside_a_transaction_undoes_it(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await add_then_fail(database)
    async with database.session() as session:
        assert await session.get(Person, 1) is None


async def add_then_fail(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Person())
        await session.flush()
        raise ZeroDivisionError


async def test_waiting_for_a_connection_has_a_deadline(settings: StorageSettings) -> None:
    await start_and_close(settings)
    changes = {"pool_size": 1, "transaction_timeout_seconds": 0.5}
    database = Database(settings.model_copy(update=changes))
    async with database.engine.connect():
        with pytest.raises(BusyError):
            await first_row(database)
    await database.close()


async def start_and_close(settings: StorageSettings) -> None:
    database = Database(settings)
    await database.start()
    await database.close()


async def first_row(database: Database) -> None:
    async with database.session() as session:
        await session.execute(text("SELECT 1"))


async def test_another_program_that_writes_too_long_is_one_sentence(sqlite_settings: StorageSettings) -> None:
    database = Database(sqlite_settings.model_copy(update={"busy_timeout_ms": 50}))
    await database.start()
    holder = sqlite3.connect(str(database.address.path), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError) as caught:
        await People(database).find_or_create(Account("slack", "", "u1"))
    assert "in use" in caught.value.say
    holder.execute("ROLLBACK")
    holder.close()
    await People(database).find_or_create(Account("slack", "", "u1"))
    await database.close()


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(postgres_url: str) -> None:
    settings = StorageSettings(url=SecretStr(postgres_url), statement_timeout_seconds=0.2)
    database = Database(settings)
    with pytest.raises(BusyError) as caught:
        await sleep_on_server(database)
    assert "too long" in caught.value.say
    await database.close()


async def sleep_on_server(database: Database) -> None:
    async with database.session() as session:
        await session.execute(text("SELECT pg_sleep(60)"))


async def test_a_session_that_only_reads_cannot_write_on_postgresql(postgres_url: str) -> None:
    database = Database(StorageSettings(url=SecretStr(postgres_url)))
    await database.start()
    with pytest.raises(StorageError):
        await write_in_session(database)
    await database.close()


async def write_in_session(database: Database) -> None:
    async with database.session() as session:
        session.add(Person())
        await session.flush()


async def test_two_programs_writing_at_once_do_not_lock_each_other_out(settings: StorageSettings) -> None:
    programs = [Database(settings) for _ in range(2)]
    for program in programs:
        await program.start()
    person = await People(programs[0]).find_or_create(Account("slack", "", "u1"))
    place = Place("slack", "", "c1")
    kept = await asyncio.gather(
        *(
            Conversations(program).remember(person, place, f"q{number}")
            for program in programs
            for number in range(25)
        )
    )
    assert len({message.id for message in kept if message is not None}) == 50
    for program in programs:
        await program.close()


async def test_errors_repeat_no_stored_values(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="storage")
    await People(database).find_or_create(Account("slack", "", "u1"))
    with pytest.raises(StorageError) as caught:
        await insert_badly(database)
    assert "my secret" not in whole_story(caught.value)
    assert "my secret" not in caplog.text


async def insert_badly(database: Database) -> None:
    async with database.transaction() as session:
        statement = text("INSERT INTO profile (person_id, role) VALUES (4711, :role)")
        await session.execute(statement, {"role": "my secret"})


async def test_closing_twice_and_starting_again_is_fine(settings: StorageSettings) -> None:
    database = Database(settings)
    await database.start()
    person = await People(database).find_or_create(Account("slack", "", "u1"))
    await database.close()
    await database.close()
    await database.start()
    assert await People(database).find(Account("slack", "", "u1")) == person
    await database.close()


async def test_whoever_is_cancelled_leaves_no_transaction_behind(settings: StorageSettings) -> None:
    """Wherever it is: before its first statement, within one, or while it commits."""
    database, chance = Database(settings), random.Random(3)
    await database.start()

    async def add_people() -> None:
        async with database.transaction() as session:
            for _person in range(3):
                session.add(Person())
                await session.flush()

    for _round in range(15):
        tasks = [asyncio.create_task(add_people()) for _ in range(6)]
        for task in tasks:
            await asyncio.sleep(chance.random() * 0.004)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(2):
        await add_people()
    other = Database(settings)
    async with asyncio.timeout(5):
        await People(other).find_or_create(Account("slack", "", "u1"))
    await other.close()
    await database.close()
