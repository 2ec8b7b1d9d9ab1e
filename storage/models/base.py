"""The base of all tables, and types of columns that hold the same on SQLite and PostgreSQL.

The one rule for text: a pair of surrogates becomes the character it stands for; what no UTF-8 database
can hold (a lone surrogate) or PostgreSQL refuses (NUL, see
https://www.postgresql.org/docs/current/datatype-character.html) becomes U+FFFD, the replacement character.
Every other character is kept as it came. The rule is applied where values are bound, so what is stored,
looked up and compared is always the cleaned text. Moments are in UTC.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean_text(text: str) -> str:
    """The text as it is stored; cleaning twice changes nothing more."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", REPLACEMENT)


def clean_json(value: Any) -> Any:
    """A JSON value with every text in it cleaned; tuples become lists, as they do in JSON."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    return value


class CleanText(TypeDecorator[str]):
    """Text of any length, cleaned by `clean_text`."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The cleaned text."""
        return None if value is None else clean_text(value)


class CleanJson(TypeDecorator[Any]):
    """A JSON value, cleaned by `clean_json`."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The cleaned value."""
        return clean_json(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; SQLite hands it back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


# The declarative base: names of constraints, types of columns, keys.


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in a column declared INTEGER.
LongInteger = BigInteger().with_variant(Integer(), "sqlite")

Key = Annotated[int, mapped_column(LongInteger, primary_key=True, autoincrement=True)]


class Base(DeclarativeBase):
    """Every table of Riff.

    No foreign key cascades: a table that `forget` does not know of makes it fail instead of leaving rows.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (declarative configuration, read once by SQLAlchemy)
        str: CleanText,
        list[str]: CleanJson,
        datetime: UtcDateTime,
        int: LongInteger,
    }
