"""Channels' voices, ideas to find again, and the audit of moderation."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.database import Database
from storage.errors import InvalidValueError
from storage.models import Audit as AuditRow
from storage.models.base import now
from storage.repositories import Audit, Channels, Conversations, Ideas, Privacy
from storage.values.records import AuditEntry, Decision, NewIdea, Place, Voice


async def show(conversations: Conversations, person: int, place: Place, *titles: str) -> int:
    """Asks and answers with these ideas; gives the conversation's id."""
    question = await conversations.remember(person, place, "ideas?")
    assert question is not None
    new = [NewIdea(number, title, f"about {title}", "tea", "name") for number, title in enumerate(titles, 1)]
    await conversations.answer(question.id, "\n".join(titles), ideas=new)
    return question.conversation_id


async def test_a_voice_belongs_to_its_channel_in_every_thread(channels: Channels, place: Place) -> None:
    assert await channels.voice(place) == Voice()
    changed = await channels.update_voice(place, {"brand_voice": "warm", "avoid_words": ["cheap"]})
    assert changed == Voice("warm", (), ("cheap",))
    assert await channels.voice(Place("slack", "w1", "c1", "t9")) == changed
    silent = Place("slack", "w1", "c2", "t1")
    assert await channels.voice(silent) == Voice()
    assert await channels.voices(silent, place, Place("slack", "w2", "c1")) == (Voice(), changed, Voice())
    assert await channels.clear_voice_field(place, "brand_voice") == Voice(avoid_words=("cheap",))


async def test_a_voice_has_no_other_fields(channels: Channels, place: Place) -> None:
    with pytest.raises(InvalidValueError):
        await channels.update_voice(place, {"tone": "bold"})
    assert await channels.voice(place) == Voice()


async def test_voices_set_at_once_in_a_new_channel_make_one_channel(channels: Channels, place: Place) -> None:
    await asyncio.gather(
        *(channels.update_voice(place, {name: [name]}) for name in ("use_words", "avoid_words") * 5)
    )
    assert await channels.voice(place) == Voice("", ("use_words",), ("avoid_words",))


async def test_channels_come_by_when_something_was_last_asked_in_them(
    channels: Channels, conversations: Conversations, person: int
) -> None:
    direct = Place("slack", "w1", "dm", direct=True)
    for place in (Place("slack", "w1", "c1", "t1"), direct, Place("slack", "w1", "c1", "t2")):
        await conversations.remember(person, place, "ideas?")
    await conversations.remember(person, Place("discord", "w1", "c1"), "ideas?")
    shared = Place("slack", "w1", "c1")
    assert list(await channels.last_used("slack", 9)) == [shared, direct]
    assert list(await channels.last_used("slack", 1)) == [shared]


async def test_a_number_means_the_latest_list_of_the_thread(
    conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    thread = await show(conversations, person, place, "Leaf", "Bud", "Root")
    await show(conversations, other, place, "Cup", "Pot")
    question = await conversations.remember(person, place, "thanks")
    assert question is not None
    await conversations.answer(question.id, "You are welcome.")
    listed, is_latest = await ideas.last_list(thread, person)
    found = listed[1]
    assert (found.title, found.body, found.topic, found.task) == ("Pot", "about Pot", "tea", "name")
    assert [idea.position for idea in listed] == [1, 2]
    assert not is_latest


async def test_outside_of_threads_a_number_means_the_channels_latest_list(
    conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    here = Place(place.platform, place.workspace, place.channel)
    thread = await show(conversations, other, place, "Leaf", "Bud")
    await show(conversations, other, Place("slack", "w1", "elsewhere"), "Mug")
    hidden = await conversations.remember(other, here, "mine?")
    assert hidden is not None
    await conversations.answer(
        hidden.id, "1. Pot", ideas=[NewIdea(1, "Pot", "about Pot", "tea", "name")], private=True
    )
    assert [idea.title for idea in await ideas.last_list_in_channel(here, person)] == ["Leaf", "Bud"]
    assert [idea.title for idea in await ideas.last_list_in_channel(here, other)] == ["Pot"]
    await conversations.clear(thread)
    assert await ideas.last_list_in_channel(here, person) == ()


async def test_a_cleared_thread_has_no_list(
    conversations: Conversations, ideas: Ideas, person: int, place: Place
) -> None:
    thread = await show(conversations, person, place, "Leaf")
    await conversations.clear(thread)
    assert await ideas.last_list(thread, person) == ((), False)
    assert [idea.title for idea in await ideas.recent_of_person(person, 5)] == ["Leaf"]


async def test_recent_ideas_are_of_the_person_or_of_the_channel(
    conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    await show(conversations, person, place, "Leaf", "Bud")
    await show(conversations, other, Place("slack", "w1", "c1", "t2"), "Cup")
    await show(conversations, person, Place("slack", "w1", "dm1", direct=True), "Secret")
    assert [idea.title for idea in await ideas.recent_of_person(person, 9)] == ["Secret", "Bud", "Leaf"]
    assert [idea.title for idea in await ideas.recent_of_person(other, 9)] == ["Cup"]
    assert [idea.title for idea in await ideas.recent_in_channel(place, 2)] == ["Cup", "Bud"]
    assert await ideas.recent_in_channel(Place("slack", "w2", "c1"), 9) == ()


async def test_a_person_saves_own_ideas_only(
    conversations: Conversations, ideas: Ideas, person: int, other: int, place: Place
) -> None:
    thread = await show(conversations, person, place, "Leaf", "Bud")
    _leaf, bud = (await ideas.last_list(thread, person))[0]
    assert not await ideas.save(other, bud.id)
    assert await ideas.save(person, bud.id)
    assert [idea.title for idea in await ideas.saved(person, 5)] == ["Bud"]
    assert await ideas.saved(other, 5) == ()
    assert await ideas.save(person, bud.id, saved=False)
    assert await ideas.saved(person, 5) == ()


DECISION = Decision(
    direction="reply",
    action="block",
    category="toxicity",
    score=0.93,
    threshold=0.85,
    classifier="c1",
    version="2",
    stages=({"stage": "words", "action": "allow"}, {"stage": "model", "score": 0.93}),
)


async def recorded(audit: Audit, decision: Decision, **about: Any) -> AuditEntry:
    """The decision as it comes back."""
    entry = await audit.entry(await audit.record(decision, **about))
    assert entry is not None
    return entry


async def test_a_decision_comes_back_without_its_text_by_default(audit: Audit, person: int) -> None:
    kept = await recorded(audit, DECISION, person_id=person, text="rude words")
    assert kept.decision == DECISION
    assert (kept.person_id, kept.text) == (person, None)
    assert await audit.recent(5) == (kept,)


async def test_scores_that_are_no_numbers_are_kept_as_none(audit: Audit) -> None:
    kept = await recorded(audit, Decision("prompt", "block", score=float("nan"), threshold=float("inf")))
    assert (kept.decision.score, kept.decision.threshold) == (None, None)


async def test_recent_decisions_are_scoped_to_a_person(audit: Audit, person: int, other: int) -> None:
    for number, somebody in enumerate((person, other, None)):
        await audit.record(Decision(str(number), "allow"), person_id=somebody)
    assert [entry.decision.direction for entry in await audit.recent(2)] == ["2", "1"]
    assert [entry.decision.direction for entry in await audit.recent(9, person_id=person)] == ["0"]


async def test_kept_texts_are_purged_when_old_and_decisions_stay(database: Database) -> None:
    keeping = Database(database.settings.model_copy(update={"keep_audit_text": True}))
    audit = Audit(keeping)
    old, new = [await recorded(audit, DECISION, text=f"text {number}") for number in range(2)]
    month_ago = now() - timedelta(days=31)
    async with keeping.transaction() as session:
        await session.execute(update(AuditRow).where(AuditRow.id == old.id).values(created_at=month_ago))
    assert await audit.purge_texts() == 1
    assert await audit.purge_texts() == 0
    assert [entry.text for entry in await audit.recent(2)] == [new.text, None] == ["text 1", None]
    await keeping.close()


async def test_a_decision_on_somebody_forgotten_meanwhile_names_nobody(
    database: Database, privacy: Privacy, person: int
) -> None:
    await privacy.forget(person)
    keeping = Database(database.settings.model_copy(update={"keep_audit_text": True}))
    kept = await recorded(Audit(keeping), DECISION, person_id=person, text="rude words")
    assert (kept.person_id, kept.text, kept.decision) == (None, None, DECISION)
    await keeping.close()


async def test_moments_come_back_in_utc(audit: Audit) -> None:
    before = datetime.now(UTC)
    kept = await recorded(audit, DECISION)
    assert kept.created_at.tzinfo == UTC
    assert abs(kept.created_at - before) < timedelta(minutes=5)


async def test_riff_introduces_itself_once_in_a_channel_and_to_a_person_anew_once_all_is_erased(
    database: Database, channels: Channels, person: int
) -> None:
    here, direct = Place("slack", "w1", "c1", "t1"), Place("slack", "w1", "dm1", direct=True)
    assert await channels.welcome(here, "e1")
    assert not await channels.welcome(Place("slack", "w1", "c1", "t2"), "e2")
    assert await channels.welcome(here, "e1")  # the same event after a crash
    assert await channels.welcome(direct, "e3", person_id=person)
    await Privacy(database).forget(person)
    assert await channels.welcome(direct, "e4")
