"""Turns the configured database address into a SQLAlchemy URL; connects to nothing."""

from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_dir
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import AddressError

_FORMS = "postgresql://user:password@host/name, sqlite:///path/to/riff.db or a file path"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is; `path` is its file when it is SQLite, otherwise None."""

    url: URL
    path: Path | None

    @property
    def shown(self) -> str:
        """The address as it may be shown: without user, password and options."""
        if self.path is not None:
            return str(self.path)
        host = self.url.host or self.url.query.get("host") or "localhost"
        port = f":{self.url.port}" if self.url.port else ""
        return f"postgresql://{host}{port}/{self.url.database or ''}"


def parse_address(text: str) -> Address:
    """The address for async drivers (psycopg 3, aiosqlite).

    Raises AddressError, whose sentence never repeats the text, which may hold a password.
    """
    text = text.strip()
    if not text:
        return _sqlite(Path(user_data_dir("riff", appauthor=False)) / "riff.db")
    if "://" not in text:
        return _plain_path(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise AddressError(
            f"The database address cannot be read; write {_FORMS}, with special characters in the"
            " password percent-encoded."
        ) from None
    match url.get_backend_name():
        case "postgres" | "postgresql":
            return Address(url.set(drivername="postgresql+psycopg"), None)
        case "sqlite":
            return _sqlite_url(url)
    raise AddressError(f"The database address is of a kind that Riff does not know; write {_FORMS}.")


def _plain_path(text: str) -> Address:
    if "=" in text or "@" in text:
        raise AddressError(f"The database address is neither a URL nor a file path; write {_FORMS}.")
    return _sqlite(Path(text))


def _sqlite_url(url: URL) -> Address:
    database = url.database or ""
    if url.host or not database or database == ":memory:" or database.startswith("file:"):
        raise AddressError(
            "The SQLite address must name a file: sqlite:///relative/riff.db or sqlite:////absolute/riff.db."
        )
    return _sqlite(Path(database))


def _sqlite(path: Path) -> Address:
    path = path.expanduser().absolute()
    return Address(URL.create("sqlite+aiosqlite", database=str(path)), path)
