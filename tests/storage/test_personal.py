"""Usage and quotas, what people were asked once, summaries of threads: exact, merged, exported and erased."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.errors import ForgottenError
from storage.repositories import Conversations, Ideas, People, Privacy
from storage.repositories.feedback import Feedback
from storage.repositories.preferences import Suggestions
from storage.repositories.thread_summaries import Threads
from storage.repositories.usage import Usage
from storage.values.personal import Counts, Quota, StoredSummary
from storage.values.records import Account, FeedbackKind, NewIdea, Place, Scope, StoredMessage

HERE = Scope("slack", "w1")


@pytest.fixture
def usage(database: Database) -> Usage:
    return Usage(database)


async def ask(conversations: Conversations, person: int, place: Place, *ideas: str) -> int:
    question = await conversations.remember(person, place, f"a question of {person}")
    assert question is not None
    new = [NewIdea(n, title) for n, title in enumerate(ideas, start=1)]
    await conversations.answer(question.id, "An answer.", ideas=new)
    return question.id


async def _questions(threads: Threads, conversation_id: int, person: int) -> list[StoredMessage]:
    said = await threads.exchanges(conversation_id, person, after_id=0, before_id=2**62, limit=9)
    return [message for message in said if message.role == "user"]


async def test_a_quota_is_exact_however_many_ask_at_once(
    usage: Usage, conversations: Conversations, person: int, place: Place
) -> None:
    asked = [await ask(conversations, person, place) for _ in range(8)]
    quota = Quota(in_minute=3)
    taken = await asyncio.gather(*(usage.take(person, one, HERE, quota) for one in asked))
    assert sum(one is None for one in taken) == 3
    over = next(one for one in taken if one is not None)
    assert (over.limit, over.most) == ("in_minute", 3)
    assert 1 <= over.seconds <= 60
    today, month = await usage.of_person(person, datetime.now(UTC))
    assert today.prompts == month.prompts == 3


async def test_a_prompt_is_counted_once_however_often_it_is_resumed(
    usage: Usage, conversations: Conversations, person: int, place: Place
) -> None:
    asked = await ask(conversations, person, place)
    for _ in range(3):
        assert await usage.take(person, asked, HERE, Quota(in_day=1)) is None
    other = await ask(conversations, person, place)
    over = await usage.take(person, other, HERE, Quota(in_day=1))
    assert over is not None
    assert over.limit == "in_day"


async def test_a_workspace_has_a_limit_of_all_its_people(
    usage: Usage, conversations: Conversations, person: int, other: int, place: Place
) -> None:
    quota = Quota(in_workspace=1)
    assert await usage.take(person, await ask(conversations, person, place), HERE, quota, HERE) is None
    over = await usage.take(other, await ask(conversations, other, place), HERE, quota, HERE)
    assert over is not None
    assert over.limit == "in_workspace"
    elsewhere = Scope("discord", "g1")
    assert (
        await usage.take(other, await ask(conversations, other, place), elsewhere, quota, elsewhere) is None
    )


async def test_linked_accounts_count_as_one_person(
    usage: Usage, conversations: Conversations, people: People, place: Place
) -> None:
    slack, discord = Account("slack", "w1", "u1"), Account("discord", "", "7")
    one, two = await people.find_or_create(slack), await people.find_or_create(discord)
    for person, scope in ((one, HERE), (two, Scope("discord", "g1")), (two, HERE)):
        await usage.take(person, await ask(conversations, person, place), scope, Quota())
    kept = await people.link(slack, discord)
    assert (await usage.of_person(kept, datetime.now(UTC)))[0].prompts == 3
    over = await usage.take(kept, await ask(conversations, kept, place), HERE, Quota(in_minute=3))
    assert over is not None


async def test_use_is_added_up_for_the_person_and_the_workspace(
    usage: Usage, person: int, other: int
) -> None:
    await usage.add(person, HERE, Counts(ideas=2, characters=10, tokens=5))
    await usage.add(person, HERE, Counts(ideas=1, characters=5, tokens=5))
    await usage.add(other, HERE, Counts(prompts=1, characters=1))
    month = f"{datetime.now(UTC):%Y-%m}"
    assert (await usage.of_person(person, datetime.now(UTC)))[1] == Counts(0, 3, 15, 10)
    assert await usage.of_workspaces(month) == [(HERE, 2, Counts(1, 3, 16, 10))]
    assert await usage.of_workspaces(month, Scope("slack", "w2")) == []
    assert await usage.of_people(month, HERE, 10) == [
        (Account("slack", "w1", "u2"), Counts(1, 0, 1, 0)),
        (Account("slack", "w1", "u1"), Counts(0, 3, 15, 10)),
    ]


async def test_a_person_is_asked_of_each_field_once(database: Database, person: int, other: int) -> None:
    suggestions = Suggestions(database)
    asked = await asyncio.gather(*(suggestions.ask(person, "length", "short") for _ in range(4)))
    assert sum(one is not None for one in asked) == 1
    (mine,) = [one for one in asked if one is not None]
    assert await suggestions.answer(other, yes=True, suggestion_id=mine.id) is None
    answered = await suggestions.answer(person, yes=False)
    assert answered is not None
    assert (answered.field, answered.answer) == ("length", "no")
    assert await suggestions.answer(person, yes=True) is None
    assert await suggestions.ask(person, "length", "long") is None
    await suggestions.erase(person, mine.id)
    assert await suggestions.of_person(person) == []


async def test_a_no_stays_a_no_when_accounts_are_linked(database: Database, people: People) -> None:
    suggestions = Suggestions(database)
    slack, discord = Account("slack", "w1", "u1"), Account("discord", "", "7")
    for account, yes in ((slack, True), (discord, False)):
        person = await people.find_or_create(account)
        await suggestions.ask(person, "tone", "bold")
        await suggestions.answer(person, yes=yes)
    kept = await people.link(slack, discord)
    assert [one.answer for one in await suggestions.of_person(kept)] == ["no"]


async def test_a_summary_is_kept_until_the_thread_is_cleared(
    database: Database, conversations: Conversations, person: int, place: Place
) -> None:
    threads = Threads(database)
    asked = await ask(conversations, person, place)
    thread = (await threads.of_person(person, 5))[0]
    for words in ("First.", "Second."):
        assert await threads.summarise(thread.conversation_id, StoredSummary(asked, words), of=[asked])
    assert await threads.summary(thread.conversation_id) == StoredSummary(asked, "Second.")
    assert (await threads.of_person(person, 5))[0].summary == "Second."
    await conversations.clear(thread.conversation_id)
    assert await threads.summary(thread.conversation_id) is None


async def test_a_thread_is_forgotten_alone(
    database: Database, conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    threads, feedback = Threads(database), Feedback(database)
    await ask(conversations, person, place, "Swap box")
    await ask(conversations, other, place, "Loan shelf")
    elsewhere = Place("slack", "w1", "c1", "t2")
    kept = await ask(conversations, person, elsewhere, "Jar bar")
    swap = (await ideas.recent_of_person(person, 2))[1]
    await feedback.add(other, swap.id, FeedbackKind.LIKE)
    first = next(one for one in await threads.of_person(person, 5) if one.last and one.questions == 1)
    for thread in await threads.of_person(person, 5):
        if thread.conversation_id != (await conversations.message(kept)).conversation_id:  # type: ignore[union-attr]
            first = thread
    asked = (await _questions(threads, first.conversation_id, person))[0].id
    assert await threads.summarise(first.conversation_id, StoredSummary(asked, "x"), of=[asked])
    await threads.forget(person, first.conversation_id)
    assert [idea.title for idea in await ideas.recent_of_person(person, 5)] == ["Jar bar"]
    assert [idea.title for idea in await ideas.recent_of_person(other, 5)] == ["Loan shelf"]
    assert await threads.summary(first.conversation_id) is None
    assert len(await threads.of_person(other, 5)) == 1


async def test_all_of_it_is_exported_and_erased(
    database: Database,
    usage: Usage,
    conversations: Conversations,
    privacy: Privacy,
    person: int,
    other: int,
    place: Place,
) -> None:
    threads, suggestions = Threads(database), Suggestions(database)
    asked = await ask(conversations, person, place)
    await ask(conversations, other, place)
    thread = (await threads.of_person(person, 5))[0].conversation_id
    await usage.take(person, asked, HERE, Quota())
    await suggestions.ask(person, "length", "short")
    both = StoredSummary(asked, "Words of both.")
    assert await threads.summarise(thread, both, of=[asked])
    exported = await privacy.export(person)
    assert [len(exported[name]) for name in ("usage", "counted_prompt", "suggestion")] == [1, 1, 1]
    assert exported["thread_summary"] == []  # it holds another person's words too
    erased = (await privacy.forget(person)).rows
    assert [erased[name] for name in ("usage", "suggestion", "thread_summary")] == [1, 1, 1]
    assert await threads.summary(thread) is None
    (left,) = {message.id for message in await _questions(threads, thread, other)}
    made_before = StoredSummary(left, "Words of the forgotten.")
    assert not await threads.summarise(thread, made_before, of=[asked, left])
    assert not await threads.summarise(thread, made_before, of=[left], before=both)
    assert await threads.summary(thread) is None
    with pytest.raises(ForgottenError):
        await usage.take(person, asked, HERE, Quota())


async def test_what_others_asked_for_can_be_saved_too(
    database: Database, conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    feedback = Feedback(database)
    await ask(conversations, other, place, "Loan shelf")
    (idea,) = await ideas.recent_of_person(other, 1)
    await feedback.add(person, idea.id, FeedbackKind.SAVE)
    assert [one.title for one in await ideas.saved(person, 5)] == ["Loan shelf"]
    assert [one.title for one in await ideas.saved(person, 5, place=place)] == ["Loan shelf"]
    assert await ideas.saved(person, 5, place=Place("slack", "w1", "c2")) == ()
    await ideas.unsave(person, idea.id)
    assert await ideas.saved(person, 5) == ()


async def test_an_account_is_unlinked_but_never_the_last(people: People) -> None:
    slack, discord = Account("slack", "w1", "u1"), Account("discord", "", "7")
    kept = await people.link(slack, discord)
    assert await people.unlink(kept, discord)
    assert not await people.unlink(kept, slack)
    assert await people.accounts(kept) == (slack,)
    assert await people.find(discord) not in {None, kept}
