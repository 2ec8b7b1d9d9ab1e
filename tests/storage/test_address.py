"""What may stand in the configuration as the database's address."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_data_dir
from pydantic import SecretStr

from storage.address import parse_address
from storage.errors import AddressError
from storage.settings import StorageSettings


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg", "postgresql+psycopg2"]
)
def test_every_postgresql_address_goes_through_psycopg(scheme: str) -> None:
    address = parse_address(f"{scheme}://riff:pa%40ss@db.example:5433/riff?sslmode=require")
    assert address.path is None
    assert address.url.drivername == "postgresql+psycopg"
    assert (address.url.password, address.url.port, address.url.database) == ("pa@ss", 5433, "riff")
    assert address.url.query["sslmode"] == "require"


@pytest.mark.parametrize(
    "text",
    ["sqlite:////data/riff.db", "sqlite+aiosqlite:////data/riff.db", "/data/riff.db", " /data/riff.db "],
)
def test_every_sqlite_address_is_a_file(text: str) -> None:
    address = parse_address(text)
    assert address.path == Path("/data/riff.db")
    assert address.url.drivername == "sqlite+aiosqlite"


def test_relative_and_home_paths_are_made_whole() -> None:
    assert parse_address("sqlite:///riff.db").path == Path.cwd() / "riff.db"
    assert parse_address("~/riff.db").path == Path.home() / "riff.db"


def test_no_address_means_the_users_data_folder() -> None:
    assert parse_address("").path == Path(user_data_dir("riff", appauthor=False)) / "riff.db"


@pytest.mark.parametrize(
    "text",
    [
        "mysql://u:hunter2@db/riff",
        "postgresql://u:hunter2@db:port/riff",
        "postgresql//u:hunter2@db/riff",
        "host=db password=hunter2",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://hunter2/riff.db",
    ],
)
def test_a_bad_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert "hunter2" not in caught.value.say
    assert caught.value.__cause__ is None
    assert "sqlite:///" in caught.value.say


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_a_password_is_never_shown(password: str) -> None:
    secret = f"<{password}>"
    address = parse_address(f"postgresql://u:{secret}@db.example/riff?password={secret}")
    assert secret not in address.shown
    assert address.shown == "postgresql://db.example/riff"
    assert secret not in repr(StorageSettings(url=SecretStr(f"postgresql://u:{secret}@db/riff")))
