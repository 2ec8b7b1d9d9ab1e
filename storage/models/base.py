"""The declarative base: names of constraints, types of columns, keys."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from storage.column_types import CleanJson, CleanText, UtcDateTime

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
