"""Questions and answers, thread by thread."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.errors import ConflictError, ForgottenError, InvalidValueError
from storage.models.base import clean_text
from storage.repositories import Conversations, Privacy
from storage.values.records import NewIdea, Outcome, Place, StoredMessage

ON_ONE_DATABASE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def ask(conversations: Conversations, person: int, place: Place, text: str) -> StoredMessage:
    question = await conversations.remember(person, place, text)
    assert question is not None
    return question


async def exchange(conversations: Conversations, person: int, place: Place, text: str) -> StoredMessage:
    question = await ask(conversations, person, place, text)
    await conversations.answer(question.id, f"{text}!")
    return question


async def said_before(conversations: Conversations, person: int, place: Place, limit: int = 50) -> list[str]:
    question = await ask(conversations, person, place, "and now?")
    return [message.content for message in await conversations.history(question.id, limit)]


async def test_a_question_is_kept_as_pending(conversations: Conversations, person: int, place: Place) -> None:
    question = await conversations.remember(person, place, "tea?", event_id="e1", task="name")
    assert question is not None
    assert (question.role, question.content, question.outcome) == ("user", "tea?", Outcome.PENDING)
    assert (question.event_id, question.task, question.person_id) == ("e1", "name", person)
    assert question.created_at.utcoffset() is not None


async def test_a_repeated_event_is_noticed_even_when_both_come_at_once(
    conversations: Conversations, person: int, other: int, place: Place
) -> None:
    both = await asyncio.gather(
        *(conversations.remember(person, place, "tea?", event_id="e1") for _ in range(10))
    )
    assert sum(question is not None for question in both) == 1
    assert await conversations.remember(other, Place("slack", "w1", "c2"), "tea?", event_id="e1") is None


async def test_an_event_id_is_unique_only_on_its_platform(conversations: Conversations, person: int) -> None:
    for platform in ("slack", "discord"):
        assert await conversations.remember(person, Place(platform, "", "c1"), "tea?", event_id="e1")


async def test_without_event_ids_every_question_is_new(
    conversations: Conversations, person: int, place: Place
) -> None:
    first, second = [await ask(conversations, person, place, "tea?") for _ in range(2)]
    assert first.id != second.id
    assert first.conversation_id == second.conversation_id


async def test_an_endless_event_id_is_refused(
    conversations: Conversations, person: int, place: Place
) -> None:
    with pytest.raises(InvalidValueError):
        await conversations.remember(person, place, "tea?", event_id="e" * 256)


async def test_an_answer_ends_its_question(conversations: Conversations, person: int, place: Place) -> None:
    question = await ask(conversations, person, place, "tea?")
    answer = await conversations.answer(question.id, "Leaf", model="embedded", latency_ms=120)
    assert (answer.role, answer.in_reply_to_id, answer.person_id) == ("assistant", question.id, person)
    later = await ask(conversations, person, place, "more")
    kept, _ = await conversations.history(later.id, 1)
    assert (kept.outcome, kept.model, kept.latency_ms) == (Outcome.ANSWERED, "embedded", 120)


async def test_a_question_has_one_answer(conversations: Conversations, person: int, place: Place) -> None:
    question = await ask(conversations, person, place, "tea?")
    outcomes = await asyncio.gather(
        *(conversations.answer(question.id, "Leaf", ideas=[NewIdea(1, "Leaf")]) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 4
    assert await said_before(conversations, person, place) == ["tea?", "Leaf"]


async def test_answers_stand_under_their_questions_however_they_arrive(
    conversations: Conversations, person: int, other: int, place: Place
) -> None:
    first = await ask(conversations, person, place, "first")
    second = await ask(conversations, other, place, "second")
    await ask(conversations, person, place, "unanswered")
    await conversations.answer(second.id, "to second")
    await conversations.answer(first.id, "to first")
    assert await said_before(conversations, person, place) == ["first", "to first", "second", "to second"]


async def test_history_is_the_last_exchanges_before_the_question(
    conversations: Conversations, person: int, place: Place
) -> None:
    questions = [await exchange(conversations, person, place, text) for text in "abcd"]
    assert [m.content for m in await conversations.history(questions[3].id, 2)] == ["b", "b!", "c", "c!"]
    assert await conversations.history(questions[0].id, 2) == ()


async def test_history_stays_in_its_thread(conversations: Conversations, person: int, place: Place) -> None:
    for elsewhere in (
        Place("slack", "w1", "c1", "t2"),
        Place("slack", "w1", "c2", "t1"),
        Place("slack", "w2", "c1", "t1"),
        Place("discord", "w1", "c1", "t1"),
        Place("slack", "w1", "c1"),
    ):
        await exchange(conversations, person, elsewhere, "elsewhere")
    assert await said_before(conversations, person, place) == []


async def test_nobody_sees_what_another_asked_in_a_direct_channel(
    conversations: Conversations, person: int, other: int
) -> None:
    direct = Place("console", "", "screen", direct=True)
    await exchange(conversations, person, direct, "mine")
    await exchange(conversations, other, direct, "theirs")
    assert await said_before(conversations, person, direct) == ["mine", "mine!"]
    assert await said_before(conversations, other, direct) == ["theirs", "theirs!"]


async def test_a_question_that_ended_without_an_answer_is_not_history(
    conversations: Conversations, person: int, place: Place
) -> None:
    for outcome in (Outcome.REFUSED, Outcome.WITHHELD, Outcome.FAILED, Outcome.CANCELLED):
        question = await ask(conversations, person, place, "bad")
        await conversations.conclude(question.id, outcome, latency_ms=5)
    assert await said_before(conversations, person, place) == []


async def test_a_redacted_question_replaces_what_was_typed(
    conversations: Conversations, person: int, place: Place
) -> None:
    question = await exchange(conversations, person, place, "call 555 0100")
    await conversations.rewrite(question.id, "call <PHONE>")
    assert await said_before(conversations, person, place) == ["call <PHONE>", "call 555 0100!"]


async def test_a_cleared_thread_starts_anew_and_others_do_not(
    conversations: Conversations, person: int, place: Place
) -> None:
    elsewhere = Place("slack", "w1", "c1", "t2")
    await exchange(conversations, person, place, "before")
    late = await ask(conversations, person, place, "answered late")
    await exchange(conversations, person, elsewhere, "elsewhere")
    await conversations.clear(late.conversation_id)
    await conversations.answer(late.id, "late")
    assert await said_before(conversations, person, place) == []
    await exchange(conversations, person, place, "after")
    assert await said_before(conversations, person, place) == ["after", "after!"]
    assert await said_before(conversations, person, elsewhere) == ["elsewhere", "elsewhere!"]


async def test_an_answer_that_cannot_be_kept_whole_is_not_kept_at_all(
    conversations: Conversations, person: int, place: Place
) -> None:
    question = await ask(conversations, person, place, "tea?")
    with pytest.raises(ConflictError):
        await conversations.answer(question.id, "Leaf", ideas=[NewIdea(1, "Leaf"), NewIdea(1, "Leaf")])
    await conversations.answer(question.id, "Bud", ideas=[NewIdea(1, "Bud")])
    assert await said_before(conversations, person, place) == ["tea?", "Bud"]


async def test_work_on_what_was_forgotten_brings_nothing_back(
    conversations: Conversations, privacy: Privacy, person: int, place: Place
) -> None:
    question = await ask(conversations, person, place, "tea?")
    await privacy.forget(person)
    with pytest.raises(ForgottenError):
        await conversations.answer(question.id, "Leaf")
    with pytest.raises(ForgottenError):
        await conversations.conclude(question.id, Outcome.FAILED)
    with pytest.raises(ForgottenError):
        await conversations.rewrite(question.id, "x")
    with pytest.raises(ForgottenError):
        await conversations.history(question.id, 5)
    with pytest.raises(ForgottenError):
        await conversations.remember(person, place, "tea?")


@ON_ONE_DATABASE
@given(text=st.text(st.characters(exclude_categories=[]), max_size=500))
async def test_any_text_comes_back_as_the_cleaning_rule_says(
    conversations: Conversations, person: int, place: Place, text: str
) -> None:
    question = await ask(conversations, person, place, text)
    answer = await conversations.answer(question.id, text, ideas=[NewIdea(1, text, text, text)])
    assert question.content == answer.content == clean_text(text)


@ON_ONE_DATABASE
@given(order=st.permutations(range(4)), answered=st.sets(st.integers(0, 3)), limit=st.integers(1, 5))
async def test_history_is_ordered_by_question_for_any_order_of_answers(
    conversations: Conversations, person: int, order: list[int], answered: set[int], limit: int
) -> None:
    place = Place("slack", "w1", "c1", uuid4().hex)
    questions = [await ask(conversations, person, place, f"q{number}") for number in range(4)]
    last = await ask(conversations, person, place, "now")
    for number in order:
        if number in answered:
            await conversations.answer(questions[number].id, f"a{number}")
    expected = [text for number in sorted(answered)[-limit:] for text in (f"q{number}", f"a{number}")]
    assert [m.content for m in await conversations.history(last.id, limit)] == expected


async def test_fifty_at_once_all_get_through(
    database: Database, conversations: Conversations, person: int, place: Place
) -> None:
    async def work(number: int) -> None:
        question = await ask(conversations, person, place, f"q{number}")
        await conversations.history(question.id, 5)
        await conversations.answer(question.id, f"a{number}")

    await asyncio.gather(*(work(number) for number in range(50)))
    assert len(await said_before(conversations, person, place, limit=100)) == 100
