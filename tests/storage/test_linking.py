"""Linked accounts are one person, and two again when that is taken back: each side has what it brought."""

from typing import Any

import pytest

from storage.database import Database
from storage.errors import SameWorkspaceError
from storage.models import Base
from storage.models.people import Identity
from storage.repositories import Audit, Channels, Conversations, Feedback, Ideas, People, Privacy
from storage.repositories.linking import by_place, person_columns
from storage.repositories.preferences import Suggestions
from storage.repositories.usage import Usage
from storage.repositories.workspaces import Scopes
from storage.values.personal import Counts
from storage.values.records import Account, FeedbackKind, NewIdea, Place, Profile, Scope

HERE, THERE = Account("slack", "T1", "U1"), Account("discord", "", "77")
AT_HERE = Place("slack", "T1", "D1", direct=True)
AT_THERE = Place("discord", "G9", "500", "501")

NOT_BY_PLACE = {
    ("identity", "person_id"),
    ("profile", "person_id"),
    ("suggestion", "person_id"),
    ("link_code", "person_id"),
    ("link_try", "person_id"),
}
"""Identities move one by one; profile and questions are noted when accounts are linked; codes and tries end."""


async def asked(conversations: Conversations, person: int, place: Place, text: str) -> int:
    question = await conversations.remember(person, place, text)
    assert question is not None
    answer = await conversations.answer(question.id, f"1. {text}", ideas=[NewIdea(1, text)])
    return answer.id


async def held(database: Database, person: int) -> dict[str, Any]:
    return await Privacy(database).export(person)


async def test_unlinking_gives_each_side_back_what_it_brought(
    database: Database, people: People, conversations: Conversations, ideas: Ideas
) -> None:
    mine, theirs = await people.find_or_create(HERE), await people.find_or_create(THERE)
    await people.update_profile(mine, {"tone": "bold", "role": "baker"})
    await people.update_profile(theirs, {"tone": "plain", "audience": "students", "interests": ["jazz"]})
    await asked(conversations, mine, AT_HERE, "secret of mine")
    answer = await asked(conversations, theirs, AT_THERE, "secret of theirs")
    (idea,) = await ideas.of_answer(answer)
    await Feedback(database).add(theirs, idea.id, FeedbackKind.SAVE)
    one = await people.link(HERE, THERE)
    await people.update_profile(one, {"language": "German"})
    await asked(conversations, one, AT_THERE, "said since, there")

    assert await people.unlink(one, THERE)

    left, gone = await people.find(HERE), await people.find(THERE)
    assert left is not None
    assert gone is not None
    assert left != gone
    assert await people.profile(left) == Profile(tone="bold", role="baker", language="German")
    assert await people.profile(gone) == Profile(tone="plain", audience="students", interests=("jazz",))
    assert await conversations.recent_questions(left, 9) == ("secret of mine",)
    assert await conversations.recent_questions(gone, 9) == ("said since, there", "secret of theirs")
    assert [one.id for one in await ideas.saved(gone, 9)] == [idea.id]
    assert await ideas.saved(left, 9) == ()
    assert "theirs" not in str(await held(database, left))
    assert "secret of mine" not in str(await held(database, gone))


async def test_the_side_that_was_kept_can_leave_too(
    database: Database, people: People, conversations: Conversations
) -> None:
    mine, theirs = await people.find_or_create(HERE), await people.find_or_create(THERE)
    await people.update_profile(mine, {"tone": "bold"})
    await people.update_profile(theirs, {"tone": "plain", "role": "designer"})
    await asked(conversations, mine, AT_HERE, "a cafe")
    one = await people.link(HERE, THERE)
    assert await people.unlink(one, HERE)
    gone, left = await people.find(HERE), await people.find(THERE)
    assert gone is not None
    assert left is not None
    assert await people.profile(left) == Profile(tone="plain", role="designer")
    assert await people.profile(gone) == Profile(tone="bold")
    assert await conversations.recent_questions(left, 9) == ()
    assert await conversations.recent_questions(gone, 9) == ("a cafe",)
    assert not await people.unlink(left, THERE)
    assert (await held(database, left))["linked_account"] == []


async def test_consent_and_questions_come_back_unless_they_were_taken_back_since(
    database: Database, people: People
) -> None:
    feedback, suggestions = Feedback(database), Suggestions(database)
    mine, theirs = await people.find_or_create(HERE), await people.find_or_create(THERE)
    await feedback.set_consent(mine, given=True)
    await suggestions.ask(mine, "tone", "bold")
    await suggestions.ask(theirs, "length", "short")
    one = await people.link(HERE, THERE)
    assert not await feedback.has_consent(one)
    assert await people.unlink(one, THERE)
    left, gone = await people.find(HERE), await people.find(THERE)
    assert left is not None
    assert gone is not None
    assert await feedback.has_consent(left)
    assert not await feedback.has_consent(gone)
    assert [one.field for one in await suggestions.of_person(left)] == ["tone"]
    assert [one.field for one in await suggestions.of_person(gone)] == ["length"]

    again = await people.link(HERE, THERE)
    await feedback.set_consent(again, given=False)
    await people.update_profile(again, {"role": "baker"})
    for asked_about in await suggestions.of_person(again):
        await suggestions.erase(again, asked_about.id)
    assert await people.unlink(again, HERE)
    for account in (HERE, THERE):
        person = await people.find(account)
        assert person is not None
        assert not await feedback.has_consent(person)
        assert await suggestions.of_person(person) == []


async def test_what_was_cleared_while_linked_does_not_come_back(people: People) -> None:
    await people.update_profile(await people.find_or_create(THERE), {"role": "designer"})
    one = await people.link(HERE, THERE)
    await people.clear_profile_field(one, "role")
    assert await people.unlink(one, THERE)
    gone = await people.find(THERE)
    assert gone is not None
    assert await people.profile(gone) == Profile()


async def test_of_three_accounts_one_leaves_with_its_own(
    people: People, conversations: Conversations
) -> None:
    third = Account("slack", "T2", "U5")
    for account, fields in (
        (HERE, {"tone": "bold"}),
        (THERE, {"role": "cook"}),
        (third, {"audience": "all"}),
    ):
        await people.update_profile(await people.find_or_create(account), fields)
    one = await people.link(HERE, THERE)
    await people.update_profile(one, {"language": "German"})
    one = await people.link(HERE, third)
    await asked(conversations, one, Place("slack", "T2", "C1", "1"), "of the third")
    await asked(conversations, one, AT_HERE, "of the first")
    assert await people.unlink(one, third)
    assert await people.profile(one) == Profile(tone="bold", role="cook", language="German")
    assert await conversations.recent_questions(one, 9) == ("of the first",)
    assert await people.unlink(one, THERE)
    gone = await people.find(THERE)
    assert gone is not None
    assert await people.profile(gone) == Profile(role="cook", language="German")


async def test_two_accounts_of_one_workspace_are_never_one_person(people: People) -> None:
    other = Account("slack", "T1", "U2")
    await people.find_or_create(HERE)
    with pytest.raises(SameWorkspaceError):
        await people.link(HERE, other)
    assert await people.find(HERE) != await people.find(other)


async def test_nor_when_a_linked_one_is_of_the_workspace(people: People) -> None:
    one = await people.link(THERE, HERE)
    with pytest.raises(SameWorkspaceError):
        await people.link(THERE, Account("slack", "T1", "U2"))
    assert await people.accounts(one) == (THERE, HERE)


async def test_linking_and_unlinking_are_on_record_for_both_sides(people: People, audit: Audit) -> None:
    one = await people.link(HERE, THERE)
    linked = [(entry.scope.platform, entry.decision.action) for entry in await audit.recent(9) if entry.scope]
    assert sorted(linked) == [("discord", "linked"), ("slack", "linked")]
    assert await people.unlink(one, THERE)
    unlinked = [
        (entry.scope.platform, entry.decision.action) for entry in await audit.recent(2) if entry.scope
    ]
    assert sorted(unlinked) == [("discord", "unlinked"), ("slack", "unlinked")]


async def test_a_voice_and_usage_go_with_their_account(
    database: Database, people: People, channels: Channels
) -> None:
    theirs = await people.find_or_create(THERE)
    place = Place("discord", "", "900", direct=True)
    await channels.update_voice(place, {"brand_voice": "warm"}, person_id=theirs)
    one = await people.link(HERE, THERE)
    assert await people.unlink(one, THERE)
    gone = await people.find(THERE)
    assert gone is not None
    assert [row["external_id"] for row in (await held(database, gone))["channel"]] == ["900"]
    assert (await held(database, one))["channel"] == []


async def test_what_was_used_and_set_in_a_workspace_of_an_organisation_goes_with_its_account(
    database: Database, people: People
) -> None:
    grid = Account("slack", "E1", "W1")
    set_in = (Scope("slack", "T1"), Scope("slack-admin", "T1"), Scope("quota", "slack", "T1"))
    mine = await people.find_or_create(grid)
    one = await people.link(THERE, grid)
    assert one == await people.find(THERE)
    assert mine != one
    for scope in (*set_in, Scope("discord", "G9"), Scope("quota", "discord", "G9")):
        await Scopes(database).set(scope, "in_minute", 3, person_id=one)
    for scope in (Scope("slack", "T1"), Scope("discord", "G9")):
        await Usage(database).add(one, scope, Counts(prompts=1))
    assert await people.unlink(one, grid)
    gone = await people.find(grid)
    assert gone is not None
    for person, platform in ((gone, "slack"), (one, "discord")):
        used = (await held(database, person))["usage"]
        assert {row["platform"] for row in used} == {platform}
    changes = await Scopes(database).changes(9)
    assert {change.scope: change.person_id for change in changes} == {
        **dict.fromkeys(set_in, gone),
        Scope("discord", "G9"): one,
        Scope("quota", "discord", "G9"): one,
    }


def test_every_column_that_names_a_person_has_its_side() -> None:
    named = {
        (table.name, column) for table in Base.metadata.sorted_tables for column in person_columns(table)
    }
    given_back = {
        (table.name, column)
        for table, column, _where in by_place(Identity(platform="slack", workspace="T1", external_id="U1"))
    }
    assert named == given_back | NOT_BY_PLACE
    assert given_back.isdisjoint(NOT_BY_PLACE)
