"""The steps give exactly the models' tables, whole or not at all, also when programs start together."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage import migrations
from storage.address import parse_address
from storage.database import Database
from storage.errors import InvalidValueError, SchemaTooNewError, StorageError
from storage.models import Base
from storage.settings import StorageSettings
from storage.sql_engine import migration_engine

START = """
import asyncio, sys
from pydantic import SecretStr
from storage.database import Database
from storage.settings import StorageSettings

async def main() -> None:
    database = Database(StorageSettings(url=SecretStr(sys.argv[1])))
    await database.start()
    await database.close()

asyncio.run(main())
"""


def differences(settings: StorageSettings) -> list[Any]:
    """What Alembic would have to change in the database to make it what the models say."""
    engine = migration_engine(parse_address(settings.url.get_secret_value()), settings)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    return found


def tables(settings: StorageSettings) -> set[str]:
    engine = migration_engine(parse_address(settings.url.get_secret_value()), settings)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_the_steps_give_exactly_the_models_tables(settings: StorageSettings) -> None:
    migrations.upgrade(parse_address(settings.url.get_secret_value()), settings)
    assert differences(settings) == []


def test_steps_that_are_to_come_are_counted_and_not_taken(settings: StorageSettings) -> None:
    address = parse_address(settings.url.get_secret_value())
    steps = len(list(Path(migrations.__file__).parent.glob("versions/r*.py")))
    assert migrations.pending(address, settings) == (None if address.path else steps)
    assert not address.path.exists() if address.path else tables(settings) == set()
    migrations.upgrade(address, settings, "0001")
    assert migrations.pending(address, settings) == steps - 1
    assert differences(settings) != []
    migrations.upgrade(address, settings)
    assert migrations.pending(address, settings) == 0


def test_every_step_goes_back_and_forth(settings: StorageSettings) -> None:
    address = parse_address(settings.url.get_secret_value())
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    revisions = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert revisions[-1] == migrations.head()
    for revision in revisions:
        migrations.upgrade(address, settings, revision)
        migrations.downgrade(address, settings, "-1")
        migrations.upgrade(address, settings, revision)
    assert differences(settings) == []
    migrations.downgrade(address, settings, "base")
    assert tables(settings) == {"alembic_version"}
    migrations.upgrade(address, settings)
    assert differences(settings) == []


def test_a_step_that_does_not_exist_is_refused(settings: StorageSettings) -> None:
    address = parse_address(settings.url.get_secret_value())
    migrations.upgrade(address, settings)
    with pytest.raises(InvalidValueError):
        migrations.downgrade(address, settings, "nonsense")
    assert differences(settings) == []


async def test_a_database_of_a_newer_riff_is_left_alone(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError) as caught:
        await database.start()
    assert "newer Riff" in caught.value.say
    assert "9999" in caught.value.say
    assert differences(database.settings) == []


async def test_a_step_that_fails_leaves_nothing_behind(settings: StorageSettings) -> None:
    database = Database(settings)
    if database.address.path is not None:
        database.address.path.parent.mkdir()
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE audit (something_else TEXT)"))
    with pytest.raises(StorageError):
        await database.start()
    assert tables(settings) == {"audit"}
    await database.close()


async def test_programs_that_start_together_take_turns(settings: StorageSettings) -> None:
    url = settings.url.get_secret_value()
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, url, stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        for _ in range(2)
    ]
    ends = await asyncio.gather(*(program.communicate() for program in programs))
    errors = [error for _, error in ends]
    assert [program.returncode for program in programs] == [0, 0], errors
    assert differences(settings) == []


async def test_databases_that_start_together_in_one_program_take_turns(settings: StorageSettings) -> None:
    databases = [Database(settings) for _ in range(5)]
    await asyncio.gather(*(database.start() for database in databases))
    assert differences(settings) == []
    for database in databases:
        await database.close()


ASKED = [
    ("user", "hello", ("", "")),
    ("user", "/voice\tAPPROVE", ("voice", "approve")),
    ("user", "/voice", ("voice", "show")),
    ("user", "/profile paint it", ("profile", "show")),
    ("user", "/brainstorm 5 tea shops", ("brainstorm", "")),
    ("user", '/session start "lids"', ("session", "start")),
    ("user", "/pitch a tea shop", ("", "")),
    ("user", "/usr/bin", ("", "")),
    ("assistant", "/help", (None, None)),
]


def test_the_commands_of_questions_that_there_are_are_read_out_of_their_texts(
    settings: StorageSettings,
) -> None:
    address = parse_address(settings.url.get_secret_value())
    migrations.upgrade(address, settings, "0009")
    engine = migration_engine(address, settings)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, created_at) VALUES (1, '2026-01-01')"))
        connection.execute(
            text(
                "INSERT INTO channel (id, platform, workspace, external_id, brand_voice, use_words, avoid_words,"
                " voice_examples, created_at) VALUES (1, 'p', 'w', 'c', '', '[]', '[]', '[]', '2026-01-01')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO conversation (id, channel_id, external_id, cleared_through_id, created_at)"
                " VALUES (1, 1, 't', 0, '2026-01-01')"
            )
        )
        for at, (role, content, _used) in enumerate(ASKED, start=1):
            connection.execute(
                text(
                    "INSERT INTO message (id, conversation_id, person_id, platform, role, content, task, created_at)"
                    " VALUES (:id, 1, 1, 'p', :role, :content, '', '2026-01-01')"
                ),
                {"id": at, "role": role, "content": content},
            )
    migrations.upgrade(address, settings)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT command, verb FROM message ORDER BY id")).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [used for _role, _content, used in ASKED]


CHANNELS = [("slack", None), ("slack", 1), ("discord", None)]
THREADS = {1: (1, "", True), 2: (1, "171.5", False), 3: (2, "", False), 4: (3, "", False)}
"""Conversations: of which channel, in which thread, and whether what was said in it becomes private."""


def test_what_slack_told_one_person_outside_of_all_threads_becomes_that_persons_alone(
    settings: StorageSettings,
) -> None:
    address = parse_address(settings.url.get_secret_value())
    migrations.upgrade(address, settings, "0011")
    engine = migration_engine(address, settings)
    message = (
        "INSERT INTO message (id, conversation_id, person_id, platform, role, content, task, created_at)"
        " VALUES (:id, :id, 1, 'p', 'user', 'hello', '', '2026-01-01')"
    )
    thread = (
        "INSERT INTO conversation (id, channel_id, external_id, cleared_through_id, created_at)"
        " VALUES (:id, :channel, :thread, 0, '2026-01-01')"
    )
    channel = (
        "INSERT INTO channel (id, platform, workspace, external_id, owner_id, brand_voice, use_words, avoid_words,"
        " voice_examples, created_at) VALUES (:id, :platform, 'w', :name, :owner, '', '[]', '[]', '[]', '2026-01-01')"
    )
    summary = (
        "INSERT INTO thread_summary (conversation_id, through_id, text, updated_at)"
        " VALUES (:id, 1, 'what was said', '2026-01-01')"
    )
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, created_at) VALUES (1, '2026-01-01')"))
        for number, (platform, owner) in enumerate(CHANNELS, start=1):
            row = {"id": number, "platform": platform, "name": f"c{number}", "owner": owner}
            connection.execute(text(channel), row)
        for number, (of, name, _private) in THREADS.items():
            connection.execute(text(thread), {"id": number, "channel": of, "thread": name})
            for statement in (message, summary):
                connection.execute(text(statement), {"id": number})
    migrations.upgrade(address, settings)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id, is_private FROM message")).all()
        summed = connection.execute(text("SELECT conversation_id FROM thread_summary")).scalars().all()
    engine.dispose()
    assert {row[0]: bool(row[1]) for row in kept} == {
        number: private for number, (*_where, private) in THREADS.items()
    }
    assert sorted(summed) == [number for number, (*_where, private) in THREADS.items() if not private]
