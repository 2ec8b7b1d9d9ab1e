"""Each request about a topic in a workspace has a number of its own, and what others were given is found."""

import asyncio

from storage.database import Database
from storage.models.base import Base
from storage.repositories import Allotments, Conversations, Ideas, People, Privacy
from storage.values.records import Account, NewIdea, Place, Scope

HERE, THERE = Scope("slack", "w1"), Scope("slack", "w2")


async def test_requests_are_counted_for_each_topic_and_workspace(database: Database) -> None:
    allotments = Allotments(database)
    assert [await allotments.next(HERE, "a") for _ in range(3)] == [0, 1, 2]
    assert await allotments.next(HERE, "b") == 0
    assert await allotments.next(THERE, "a") == 0


async def test_no_two_requests_at_the_same_time_have_one_number(database: Database) -> None:
    allotments = Allotments(database)
    numbers = await asyncio.gather(*(allotments.next(HERE, "a") for _ in range(12)))
    assert sorted(numbers) == list(range(12))


async def test_forgetting_a_person_takes_what_could_tell_of_their_topics(
    database: Database, people: People
) -> None:
    allotments = Allotments(database)
    person = await people.find_or_create(Account("slack", "w1", "u1"))
    await Conversations(database).remember(person, Place("slack", "w1", "d1", direct=True), "ideas?")
    await allotments.next(HERE, "a")
    await allotments.next(THERE, "a")
    erased = await Privacy(database).forget(person)
    assert erased.rows["allotment"] == 1
    assert await allotments.next(HERE, "a") == 0
    assert await allotments.next(THERE, "a") == 1


async def given(
    conversations: Conversations,
    person: int,
    place: Place,
    title: str,
    *,
    private: bool = False,
    task: str = "name",
) -> None:
    question = await conversations.remember(person, place, "ideas?")
    assert question is not None
    idea = NewIdea(1, title, f"All of {title}.", "tea", task)
    await conversations.answer(question.id, title, ideas=[idea], private=private)


async def test_what_others_were_given_in_the_workspace_is_found_with_where_it_was_shown(
    database: Database, conversations: Conversations, ideas: Ideas, person: int, other: int
) -> None:
    general = Place("slack", "w1", "c1", "t1")
    await given(conversations, other, general, "Shared")
    await given(conversations, other, general, "Whispered", private=True)
    await given(conversations, other, Place("slack", "w1", "d1", direct=True), "Direct")
    await given(conversations, other, Place("slack", "w2", "c1", "t1"), "Elsewhere")
    await given(conversations, other, general, "Another task", task="slogan")
    await given(conversations, person, general, "Own")
    found = await ideas.given_to_others(person, HERE, ["name"], 10)
    assert [(one.title, one.is_shared, one.channel) for one in found] == [
        ("Direct", False, "d1"),
        ("Whispered", False, "c1"),
        ("Shared", True, "c1"),
    ]
    assert found[0].topic == "tea"
    assert len(await ideas.given_to_others(person, HERE, ["name", "slogan"], 2)) == 2


def test_nobody_is_named_in_the_counts() -> None:
    columns = Base.metadata.tables["allotment"].columns
    assert {column.name for column in columns} == {"id", "platform", "workspace", "topic", "given"}
    assert not any(column.foreign_keys for column in columns)
