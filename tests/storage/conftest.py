"""Every storage test that takes `settings` (nothing there yet) or `database` (started) runs on both databases."""

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from storage.address import parse_address
from storage.database import Database
from storage.migrations import upgrade
from storage.repositories import Audit, Channels, Conversations, Ideas, People, Privacy
from storage.settings import StorageSettings
from storage.values.records import Account, Place
from tests.support.postgres import postgres_url, shared_cluster

__all__ = ["postgres_url"]


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> StorageSettings:
    return StorageSettings(url=SecretStr(str(tmp_path / "data" / "riff.db")))


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> StorageSettings:
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_settings")
    return StorageSettings(url=SecretStr(request.getfixturevalue("postgres_url")))


@cache
def migrated_name() -> str:
    """The PostgreSQL database that tests on tables in place start from a copy of."""
    cluster = shared_cluster()
    name = cluster.create_database()
    upgrade(parse_address(cluster.url(name)), StorageSettings())
    return name


@pytest.fixture
def migrated_postgres_url() -> Iterator[str]:
    cluster = shared_cluster()
    name = cluster.create_database(template=migrated_name())
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    on_sqlite = request.param == "sqlite"
    url = request.getfixturevalue("sqlite_file" if on_sqlite else "migrated_postgres_url")
    database = Database(StorageSettings(url=SecretStr(str(url))))
    await database.start()
    yield database
    await database.close()


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


@pytest.fixture
def channels(database: Database) -> Channels:
    return Channels(database)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


@pytest.fixture
def ideas(database: Database) -> Ideas:
    return Ideas(database)


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


@pytest.fixture
def privacy(database: Database) -> Privacy:
    return Privacy(database)


@pytest.fixture
async def person(people: People) -> int:
    return await people.find_or_create(Account("slack", "w1", "u1"))


@pytest.fixture
async def other(people: People) -> int:
    return await people.find_or_create(Account("slack", "w1", "u2"))


@pytest.fixture
def place() -> Place:
    return Place("slack", "w1", "c1", "t1")
