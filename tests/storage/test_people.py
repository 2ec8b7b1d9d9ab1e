"""Persons, their accounts and profiles."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import ForgottenError, InvalidValueError
from storage.models.base import clean_text
from storage.repositories import Audit, Channels, Conversations, Ideas, People, Privacy
from storage.repositories.preferences import MAX_ITEM_CHARACTERS, MAX_ITEMS, MAX_TEXT_CHARACTERS
from storage.values.records import Account, Decision, NewIdea, Place, Profile

ON_ONE_DATABASE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def test_an_account_is_the_same_person_each_time(people: People) -> None:
    account = Account("slack", "w1", "u1")
    assert await people.find(account) is None
    person = await people.find_or_create(account)
    assert await people.find_or_create(account) == person
    assert await people.find(account) == person
    assert await people.accounts(person) == (account,)


async def test_the_same_id_elsewhere_is_somebody_else(people: People) -> None:
    accounts = [
        Account("slack", "w1", "u1"),
        Account("slack", "w2", "u1"),
        Account("discord", "w1", "u1"),
        Account("slack", "w1", "U1"),
    ]
    assert len({await people.find_or_create(account) for account in accounts}) == len(accounts)


async def test_first_messages_at_once_make_one_person(people: People) -> None:
    account = Account("slack", "w1", "u1")
    found = await asyncio.gather(*(people.find_or_create(account) for _ in range(30)))
    assert len(set(found)) == 1
    assert await people.accounts(found[0]) == (account,)


@pytest.mark.parametrize("parts", [("", "w1", "u1"), ("slack", "w1", ""), ("slack", "w" * 256, "u1")])
def test_an_account_without_an_id_or_with_an_endless_one_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidValueError):
        Account(*parts)


async def test_a_profile_starts_blank_and_keeps_what_is_set(people: People, person: int, other: int) -> None:
    assert await people.profile(person) == Profile()
    await people.update_profile(person, {"tone": "bold", "interests": ["tea", "maps"]})
    changed = await people.update_profile(person, {"tone": "plain", "use_words": ("fresh",)})
    assert changed == Profile(tone="plain", interests=("tea", "maps"), use_words=("fresh",))
    assert await people.profile(person) == changed
    assert await people.profile(other) == Profile()
    (account,), (others,) = await people.accounts(person), await people.accounts(other)
    assert await people.known(account) == (person, changed)
    assert await people.known(others) == (other, Profile())
    assert await people.known(Account("slack", "w1", "nobody")) is None


async def test_fields_are_cleared_one_by_one(people: People, person: int) -> None:
    await people.update_profile(person, {"tone": "bold", "role": "designer", "interests": ["tea"]})
    assert await people.clear_profile_field(person, "tone") == Profile(role="designer", interests=("tea",))
    assert await people.clear_profile_field(person, "interests") == Profile(role="designer")
    assert await people.profile(person) == Profile(role="designer")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shoe_size", "44"),
        ("tone", ["bold"]),
        ("interests", "tea"),
        ("role", "x" * (MAX_TEXT_CHARACTERS + 1)),
        ("interests", ["x" * (MAX_ITEM_CHARACTERS + 1)]),
        ("interests", [str(number) for number in range(MAX_ITEMS + 1)]),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    people: People, person: int, field: str, value: str | list[str]
) -> None:
    await people.update_profile(person, {"tone": "bold"})
    with pytest.raises(InvalidValueError) as caught:
        await people.update_profile(person, {"language": "en", field: value})
    assert field in caught.value.say
    assert await people.profile(person) == Profile(tone="bold")


async def test_lists_lose_blanks_and_repeats(people: People, person: int) -> None:
    kept = await people.update_profile(person, {"interests": [" tea ", "", "maps", "tea"]})
    assert kept.interests == ("tea", "maps")


async def test_updates_at_once_lose_none(people: People, person: int) -> None:
    names = ["role", "tone", "language", "length", "audience", "brand_voice", "display_name"]
    await asyncio.gather(*(people.update_profile(person, {name: name}) for name in names))
    profile = await people.profile(person)
    assert [getattr(profile, name) for name in names] == names


async def test_a_profile_of_nobody_is_not_kept(people: People) -> None:
    with pytest.raises(ForgottenError):
        await people.update_profile(4711, {"tone": "bold"})
    assert await people.profile(4711) == Profile()


@ON_ONE_DATABASE
@given(text=st.text(st.characters(exclude_categories=[]), max_size=200))
async def test_any_text_comes_back_as_the_cleaning_rule_says(people: People, person: int, text: str) -> None:
    kept = await people.update_profile(person, {"role": text, "interests": [text]})
    assert kept.role == clean_text(text).strip()
    assert kept.interests == ((kept.role,) if kept.role else ())
    assert await people.profile(person) == kept


async def test_linked_accounts_are_one_person_with_all_that_either_had(
    people: People,
    conversations: Conversations,
    ideas: Ideas,
    audit: Audit,
    person: int,
) -> None:
    first, second = Account("slack", "w1", "u1"), Account("discord", "", "u2")
    other = await people.find_or_create(second)
    await people.update_profile(person, {"tone": "bold"})
    await people.update_profile(other, {"tone": "plain", "role": "designer"})
    place = Place("discord", "g1", "dm2", direct=True)
    question = await conversations.remember(other, place, "a name for tea")
    assert question is not None
    await conversations.answer(question.id, "1. Leaf", ideas=[NewIdea(1, "Leaf")])
    await audit.record(Decision("prompt", "allow"), person_id=other, message_id=question.id)

    assert await people.link(first, second) == person

    assert await people.find(second) == person
    assert await people.accounts(person) == (first, second)
    assert await people.profile(person) == Profile(tone="bold", role="designer")
    assert [idea.title for idea in await ideas.recent_of_person(person, 5)] == ["Leaf"]
    decided = [entry for entry in await audit.recent(5, person_id=person) if entry.message_id]
    assert [entry.message_id for entry in decided] == [question.id]
    assert await people.link(second, first) == person


async def test_linking_at_once_in_both_directions_ends_in_one_person(people: People) -> None:
    first, second = Account("slack", "w1", "u1"), Account("discord", "", "u2")
    await asyncio.gather(people.find_or_create(first), people.find_or_create(second))
    await asyncio.gather(people.link(first, second), people.link(second, first), return_exceptions=True)
    assert await people.find(first) == await people.find(second) is not None


async def test_linking_moves_direct_channels_so_that_export_has_them(
    people: People, channels: Channels, privacy: Privacy, person: int
) -> None:
    second = Account("discord", "", "u2")
    other = await people.find_or_create(second)
    place = Place("discord", "", "dm2", direct=True)
    await channels.update_voice(place, {"brand_voice": "warm"}, person_id=other)
    await people.link(Account("slack", "w1", "u1"), second)
    exported = await privacy.export(person)
    assert [row["external_id"] for row in exported["channel"]] == ["dm2"]
