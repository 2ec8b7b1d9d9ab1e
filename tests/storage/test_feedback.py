"""Feedback and consent: what is kept, who may be learned from; linking, export and erasure cover it."""

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import ForgottenError, InvalidValueError
from storage.migrations import downgrade, head, upgrade
from storage.repositories import Conversations, Feedback, Ideas, People, Privacy
from storage.values.records import Account, FeedbackKind, NewIdea, Place, RatedIdea, StoredIdea


class Repositories:
    """A database with what the tests need of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people, self.conversations, self.ideas = (
            People(database),
            Conversations(database),
            Ideas(database),
        )
        self.feedback, self.privacy = Feedback(database), Privacy(database)

    async def person(self, user: str) -> int:
        return await self.people.find_or_create(Account("test", "w1", user))

    async def ideas_for(self, person_id: int, *titles: str, topic: str = "coffee cups") -> list[int]:
        place = Place("test", "w1", "general", "t1")
        question = await self.conversations.remember(person_id, place, "ideas please")
        assert question is not None
        new = [NewIdea(n, title, "Body.", topic, "brainstorm") for n, title in enumerate(titles, start=1)]
        await self.conversations.answer(question.id, "list", ideas=new)
        return [idea.id for idea in reversed(await self.ideas.recent_of_person(person_id, len(titles)))]

    async def learnable(self) -> list[RatedIdea]:
        return [rated async for rated in self.feedback.with_consent()]


@pytest.fixture
def repositories(database: Database) -> Repositories:
    return Repositories(database)


async def test_only_with_consent_of_rater_and_owner_may_feedback_be_learned_from(
    repositories: Repositories,
) -> None:
    owner, rater = await repositories.person("u1"), await repositories.person("u2")
    (idea,) = await repositories.ideas_for(owner, "Loan shelf")
    await repositories.feedback.add(rater, idea, FeedbackKind.LIKE)
    assert await repositories.learnable() == []
    assert not await repositories.feedback.has_consent(rater)
    await repositories.feedback.set_consent(rater, given=True)
    assert await repositories.learnable() == []
    await repositories.feedback.set_consent(owner, given=True)
    await repositories.people.update_profile(owner, {"display_name": "Captain"})
    assert await repositories.learnable() == [
        RatedIdea(
            rater, FeedbackKind.LIKE, "brainstorm", "coffee cups", "Loan shelf", "Body.", names=("Captain",)
        )
    ]
    await repositories.feedback.set_consent(rater, given=False)
    assert await repositories.learnable() == []


async def test_an_opinion_is_kept_once_and_a_dislike_takes_back_a_like(repositories: Repositories) -> None:
    person = await repositories.person("u1")
    await repositories.feedback.set_consent(person, given=True)
    (idea,) = await repositories.ideas_for(person, "Loan shelf")
    for kind in (FeedbackKind.LIKE, FeedbackKind.LIKE, FeedbackKind.SAVE, FeedbackKind.DISLIKE):
        await repositories.feedback.add(person, idea, kind)
    await repositories.feedback.add(person, idea, FeedbackKind.EDIT, "first try")
    await repositories.feedback.add(person, idea, FeedbackKind.EDIT, "second \ud800try ")
    found = {(rated.kind, rated.edited_text) for rated in await repositories.learnable()}
    assert found == {
        (FeedbackKind.SAVE, ""),
        (FeedbackKind.DISLIKE, ""),
        (FeedbackKind.EDIT, "second \ufffdtry"),
    }


async def test_opinions_are_counted_by_idea_and_taken_back_one_by_one(repositories: Repositories) -> None:
    one, two = await repositories.person("u1"), await repositories.person("u2")
    first, second = await repositories.ideas_for(one, "Loan shelf", "Swap day")
    feedback, answer = repositories.feedback, (await _idea(repositories, first)).message_id
    for person, idea in ((one, first), (two, first), (two, second)):
        await feedback.add(person, idea, FeedbackKind.LIKE)
    await feedback.add(one, second, FeedbackKind.SAVE)
    assert await feedback.counts(answer, FeedbackKind.LIKE) == {1: 2, 2: 1}
    assert await feedback.counts(answer, FeedbackKind.SAVE) == {2: 1}
    assert await feedback.held(one, [first, second], FeedbackKind.LIKE) == {first}
    for _again in range(2):
        await feedback.remove(two, first, FeedbackKind.LIKE)
    assert await feedback.counts(answer, FeedbackKind.LIKE) == {1: 1, 2: 1}
    assert await feedback.held(two, [first, second], FeedbackKind.LIKE) == {second}


async def test_a_whole_answer_is_saved_as_one_thing_and_is_no_list(repositories: Repositories) -> None:
    one, two = await repositories.person("u1"), await repositories.person("u2")
    await repositories.ideas_for(one, "Loan shelf")
    question = await repositories.conversations.remember(
        one, Place("test", "w1", "general", "t1"), "why cups?"
    )
    assert question is not None
    answer = await repositories.conversations.answer(question.id, "Because they last.")
    kept = await repositories.ideas.whole_answer(answer.id)
    assert kept is not None
    assert (kept.title, kept.body, kept.topic, kept.person_id) == ("", "Because they last.", "why cups?", one)
    again = await repositories.ideas.whole_answer(answer.id)
    assert again is not None
    assert again.id == kept.id
    await repositories.feedback.add(two, kept.id, FeedbackKind.SAVE)
    assert [idea.body for idea in await repositories.ideas.saved(two, 9)] == ["Because they last."]
    assert await repositories.ideas.of_answer(answer.id) == ()
    (listed,), is_last = await repositories.ideas.last_list(question.conversation_id, one)
    assert (listed.title, is_last) == ("Loan shelf", False)
    channel = Place("test", "w1", "general")
    assert [idea.title for idea in await repositories.ideas.last_list_in_channel(channel, one)] == [
        "Loan shelf"
    ]
    assert [idea.title for idea in await repositories.ideas.recent_of_person(one, 9)] == ["Loan shelf"]
    assert await repositories.ideas.whole_answer(question.id) is None
    assert (await repositories.ideas.threads([kept.id]))[kept.id].thread == "t1"


async def _idea(repositories: Repositories, idea_id: int) -> StoredIdea:
    found = await repositories.ideas.get(idea_id)
    assert found is not None
    return found


async def test_what_cannot_be_kept_is_refused(repositories: Repositories) -> None:
    person = await repositories.person("u1")
    (idea,) = await repositories.ideas_for(person, "Loan shelf")
    for kind, edited in (
        (FeedbackKind.EDIT, " "),
        (FeedbackKind.LIKE, "x"),
        (FeedbackKind.EDIT, "x" * 10_001),
    ):
        with pytest.raises(InvalidValueError):
            await repositories.feedback.add(person, idea, kind, edited)
    with pytest.raises(ForgottenError):
        await repositories.feedback.add(person, idea + 1, FeedbackKind.LIKE)
    with pytest.raises(ForgottenError):
        await repositories.feedback.add(person + 1, idea, FeedbackKind.LIKE)
    with pytest.raises(ForgottenError):
        await repositories.feedback.set_consent(person + 1, given=True)


async def test_pages_of_feedback_come_whole(
    repositories: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.repositories.feedback._PAGE", 2)
    person = await repositories.person("u1")
    await repositories.feedback.set_consent(person, given=True)
    for idea in await repositories.ideas_for(person, "A", "B", "C", "D", "E"):
        await repositories.feedback.add(person, idea, FeedbackKind.LIKE)
    assert [rated.title for rated in await repositories.learnable()] == ["A", "B", "C", "D", "E"]


async def test_export_has_the_persons_own_feedback_and_erasure_all_on_their_ideas(
    repositories: Repositories,
) -> None:
    owner, rater = await repositories.person("u1"), await repositories.person("u2")
    (idea,), (other,) = (
        await repositories.ideas_for(owner, "Loan shelf"),
        await repositories.ideas_for(rater, "Swap box"),
    )
    await repositories.feedback.add(rater, idea, FeedbackKind.EDIT, "a word of the rater")
    await repositories.feedback.add(rater, other, FeedbackKind.LIKE)
    await repositories.feedback.add(owner, other, FeedbackKind.DISLIKE)
    await repositories.feedback.set_consent(owner, given=True)
    exported = await repositories.privacy.export(owner)
    assert [row["kind"] for row in exported["feedback"]] == ["dislike"]
    assert exported["person"][0]["training_consent_at"]
    assert len((await repositories.privacy.export(rater))["feedback"]) == 2

    erasure = await repositories.privacy.forget(owner)
    assert erasure.rows["feedback"] == 2
    left = (await repositories.privacy.export(rater))["feedback"]
    assert [(row["kind"], row["idea_id"]) for row in left] == [("like", other)]


async def test_linked_accounts_keep_one_opinion_each_and_consent_only_if_both_gave_it(
    repositories: Repositories,
) -> None:
    elsewhere = Account("other", "", "u2")
    one, two = await repositories.person("u1"), await repositories.people.find_or_create(elsewhere)
    liked, opposed, only = await repositories.ideas_for(one, "A", "B", "C")
    for person, idea, kind in (
        (one, liked, FeedbackKind.LIKE),
        (two, liked, FeedbackKind.LIKE),
        (one, opposed, FeedbackKind.LIKE),
        (two, opposed, FeedbackKind.DISLIKE),
        (two, only, FeedbackKind.SAVE),
    ):
        await repositories.feedback.add(person, idea, kind)
    await repositories.feedback.set_consent(one, given=True)
    assert await repositories.people.link(Account("test", "w1", "u1"), elsewhere) == one
    kept = (await repositories.privacy.export(one))["feedback"]
    found = sorted((row["idea_id"], row["kind"]) for row in kept)
    assert found == [(liked, "like"), (opposed, "like"), (only, "save")]
    assert not await repositories.feedback.has_consent(one)


async def test_the_step_goes_back_and_forth_without_losing_people(repositories: Repositories) -> None:
    person = await repositories.person("u1")
    database = repositories.database
    await database.close()
    downgrade(database.address, database.settings, "0001")
    upgrade(database.address, database.settings, head())
    async with database.session() as session:
        assert (await session.scalars(text("SELECT id FROM person"))).all() == [person]
        assert (await session.scalars(text("SELECT id FROM feedback"))).all() == []
