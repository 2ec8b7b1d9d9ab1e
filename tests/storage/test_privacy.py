"""Export hands over and forget erases all that is held on a person, in every table and in SQLite's files.

The tables are walked, so that a new table or column is covered the day it is added.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Float, Integer, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.errors import ForgottenError
from storage.models import Base, Person
from storage.models.base import CleanJson, CleanText, UtcDateTime
from storage.repositories import Audit, Conversations, Feedback, Ideas, People, Privacy
from storage.repositories.privacy import held_on
from storage.settings import StorageSettings
from storage.values.records import Account, Decision, Erasure, FeedbackKind, NewIdea, Place, Profile

ABOUT_NOBODY = {"allotment", "platform_state", "prompt_template", "scope_settings", "scope_change"}
"""Tables that hold nothing on a person, so that nothing of theirs is handed over or erased."""
TABLES = [table for table in Base.metadata.sorted_tables if table.name not in ABOUT_NOBODY]


NAMED_BY_ACCOUNT = {
    ("inbox", "platform"): "platform",
    ("inbox", "workspace"): "workspace",
    ("inbox", "author"): "external_id",
}
"""Columns that find their person by the account, and the column of `identity` that they equal."""


def marker(column: Column[Any]) -> str:
    if account := NAMED_BY_ACCOUNT.get((column.table.name, column.name)):
        return f"MARKER.identity.{account}."
    return f"MARKER.{column.table.name}.{column.name}."


def all_markers() -> list[str]:
    return [
        marker(column)
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, CleanText | CleanJson)
    ]


def value_for(column: Column[Any], person_id: int, ids: dict[str, int]) -> object:
    """A value that fills the column: a marker where text fits, the filled rows where it points at one."""
    for key in column.foreign_keys:
        pointed_at = key.column.table.name
        return person_id if pointed_at == "person" else ids.get(pointed_at)
    kind = column.type
    if isinstance(kind, CleanText):
        return marker(column)
    if isinstance(kind, CleanJson):
        return [marker(column)]
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 1, 2, tzinfo=UTC)
    if isinstance(kind, Boolean | Integer | Float):
        return 1
    pytest.fail(f"{column} has a type that this test cannot fill: say how its personal data is found")


async def fill_every_table(session: AsyncSession, person_id: int) -> None:
    """One row of each table for the person, with a marker in every column that holds text."""
    ids: dict[str, int] = {}
    for table in TABLES:
        if table is Person.__table__:
            continue
        own_key = {column.name for column in table.primary_key if not column.foreign_keys}
        row = {
            column.name: value_for(column, person_id, ids)
            for column in table.columns
            if column.name not in own_key
        }
        added = await session.execute(insert(table).values(**row).returning(*table.primary_key))
        ids[table.name] = added.scalar_one()


async def every_row(database: Database) -> dict[str, list[Any]]:
    async with database.session() as session:
        return {table.name: list((await session.execute(select(table))).all()) for table in TABLES}


def person_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in TABLES:
        for column in table.columns:
            if any(key.column.table is Person.__table__ for key in column.foreign_keys):
                yield table, column


def files_of(database: Database) -> bytes:
    path = database.address.path
    assert path is not None
    files = [path, Path(f"{path}-wal"), Path(f"{path}-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_every_table_says_which_rows_are_held_on_a_person() -> None:
    assert {table.name for table in held_on(1)} == set(Base.metadata.tables)


async def test_export_holds_every_marker_and_nothing_of_others(
    database: Database,
    conversations: Conversations,
    people: People,
    privacy: Privacy,
    person: int,
    other: int,
) -> None:
    async with database.transaction() as session:
        await fill_every_table(session, person)
    await people.update_profile(other, {"role": "OTHERS-ROLE"})
    await conversations.remember(other, Place("slack", "w1", "c9"), "OTHERS-QUESTION")
    exported = json.dumps(await privacy.export(person))
    assert [missing for missing in all_markers() if missing not in exported] == []
    assert "OTHERS" not in exported


async def test_forget_leaves_no_marker_and_no_id_in_any_table(
    database: Database, privacy: Privacy, person: int
) -> None:
    async with database.transaction() as session:
        await fill_every_table(session, person)
    erasure = await privacy.forget(person)
    assert erasure.complete
    assert {table: erasure.rows[table.name] for table in TABLES if not erasure.rows[table.name]} == {}
    rows = await every_row(database)
    assert "MARKER" not in str(rows)
    async with database.session() as session:
        for table, column in person_columns():
            assert (await session.execute(select(table).where(column == person))).all() == []
        assert await session.get(Person, person) is None


async def test_forget_leaves_no_marker_in_sqlites_files(sqlite_settings: StorageSettings) -> None:
    database = Database(sqlite_settings)
    await database.start()
    person = await People(database).find_or_create(Account("slack", "w1", "MARKER.account"))
    async with database.transaction() as session:
        await fill_every_table(session, person)
    before = files_of(database)
    assert [missing for missing in all_markers() if missing.encode() not in before] == []
    await write_much(database, person)

    erasure = await Privacy(database).forget(person)

    assert erasure.complete
    assert b"MARKER" not in files_of(database)
    await database.close()
    assert b"MARKER" not in files_of(database)


async def write_much(database: Database, person: int) -> None:
    """Enough to split pages, to spill long texts over several, and to leave old versions behind."""
    people, conversations = People(database), Conversations(database)
    for number in range(60):
        await people.update_profile(person, {"role": f"MARKER.role.{number}." + "x" * 20 * number})
        question = await conversations.remember(
            person, Place("slack", "w1", "c1", f"t{number % 7}"), f"MARKER.question.{number}." * 40 * number
        )
        assert question is not None
        idea = NewIdea(1, f"MARKER.idea.{number}.", "MARKER.body." * 600)
        await conversations.answer(question.id, f"MARKER.answer.{number}." * number, ideas=[idea])
        await conversations.rewrite(question.id, f"MARKER.rewritten.{number}.")


async def test_a_program_that_holds_the_log_open_is_told_and_made_up_for(
    sqlite_settings: StorageSettings,
) -> None:
    database = Database(sqlite_settings.model_copy(update={"busy_timeout_ms": 50}))
    await database.start()
    person = await People(database).find_or_create(Account("slack", "w1", "u1"))
    async with database.transaction() as session:
        await fill_every_table(session, person)
    reader = sqlite3.connect(str(database.address.path), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM message").fetchall()

    erasure = await Privacy(database).forget(person)

    assert not erasure.complete
    assert "write-ahead log" in erasure.say
    assert "close that program" in erasure.say
    assert "MARKER" not in str(await every_row(database))
    assert b"MARKER" in files_of(database)

    reader.execute("ROLLBACK")
    reader.close()
    await database.close()
    await database.start()
    assert b"MARKER" not in files_of(database)
    await database.close()


async def test_others_keep_their_part_of_a_shared_thread(
    people: People,
    conversations: Conversations,
    ideas: Ideas,
    audit: Audit,
    privacy: Privacy,
    person: int,
    other: int,
    place: Place,
) -> None:
    await people.update_profile(other, {"tone": "bold"})
    for somebody, text in ((person, "mine"), (other, "theirs")):
        question = await conversations.remember(somebody, place, text)
        assert question is not None
        await conversations.answer(question.id, f"{text}!", ideas=[NewIdea(1, text)])
        await audit.record(Decision("prompt", "allow"), person_id=somebody, message_id=question.id)

    erasure = await privacy.forget(person)

    assert erasure.rows["message"] == 2
    assert erasure.rows["conversation"] == 0
    now = await conversations.remember(other, place, "now")
    assert now is not None
    assert [m.content for m in await conversations.history(now.id, 9)] == ["theirs", "theirs!"]
    assert [idea.title for idea in await ideas.recent_in_channel(place, 9)] == ["theirs"]
    assert [entry.person_id for entry in await audit.recent(9)] == [other]
    assert await people.profile(other) == Profile(tone="bold")


async def test_a_direct_channel_in_which_another_asked_stays_theirs(
    conversations: Conversations, privacy: Privacy, person: int, other: int
) -> None:
    direct = Place("console", "", "screen", direct=True)
    await conversations.remember(person, direct, "mine")
    await conversations.remember(other, direct, "theirs")
    await privacy.forget(person)
    assert [row["content"] for row in (await privacy.export(other))["message"]] == ["theirs"]


async def test_all_accounts_of_a_person_are_forgotten_and_come_back_as_somebody_new(
    people: People, privacy: Privacy, person: int
) -> None:
    first, second = Account("slack", "w1", "u1"), Account("discord", "", "u7")
    await people.link(first, second)
    await people.update_profile(person, {"tone": "bold"})
    await privacy.forget(person)
    assert await people.find(first) is await people.find(second) is None
    again = await people.find_or_create(first)
    assert again != person
    assert await people.profile(again) == Profile()


async def test_nobody_can_be_exported_or_forgotten_twice(privacy: Privacy, person: int) -> None:
    await privacy.forget(person)
    with pytest.raises(ForgottenError):
        await privacy.forget(person)
    with pytest.raises(ForgottenError):
        await privacy.export(person)


async def test_forgetting_while_opinions_are_given_ends(
    conversations: Conversations, database: Database, privacy: Privacy, person: int, other: int
) -> None:
    question = await conversations.remember(other, Place("slack", "w1", "c1"), "ideas?")
    assert question is not None
    await conversations.answer(question.id, "1. x", ideas=[NewIdea(1, "x")])
    (idea,) = await Ideas(database).recent_of_person(other, 1)
    feedback = Feedback(database)
    kinds = (FeedbackKind.LIKE, FeedbackKind.DISLIKE) * 10
    results = await asyncio.gather(
        *(feedback.add(person, idea.id, kind) for kind in kinds[:10]),
        privacy.forget(person),
        *(feedback.add(person, idea.id, kind) for kind in kinds[10:]),
        return_exceptions=True,
    )
    assert isinstance(results.pop(10), Erasure)
    assert all(result is None or isinstance(result, ForgottenError) for result in results)
    assert (await every_row(database))["feedback"] == []


async def test_forgetting_while_everybody_writes_loses_only_the_forgotten(
    database: Database,
    conversations: Conversations,
    people: People,
    privacy: Privacy,
    person: int,
    other: int,
) -> None:
    async def work(somebody: int, number: int) -> None:
        place = Place("slack", "w1", "c1", f"t{number % 3}")
        question = await conversations.remember(somebody, place, f"MARKER.{somebody}.")
        assert question is not None
        await conversations.answer(question.id, f"MARKER.{somebody}!", ideas=[NewIdea(1, "x")])

    async def forget() -> None:
        await asyncio.sleep(0.05)
        await privacy.forget(person)

    results = await asyncio.gather(
        forget(),
        *(work(somebody, number) for number in range(15) for somebody in (person, other)),
        return_exceptions=True,
    )
    assert results[0] is None
    assert all(result is None for result in results[2::2])
    assert all(result is None or isinstance(result, ForgottenError) for result in results[1::2])
    rows = await every_row(database)
    assert f"MARKER.{person}" not in str(rows)
    assert len(rows["message"]) == 30
    assert await people.find(Account("slack", "w1", "u1")) is None
