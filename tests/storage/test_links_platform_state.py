"""Codes that link accounts work once and not for long; what adapters note for themselves stays."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.models import base
from storage.repositories import links as module
from storage.repositories.links import Links
from storage.repositories.people import People
from storage.repositories.platform_state import PlatformState
from storage.repositories.privacy import Privacy
from storage.values.records import Account

ONE, OTHER, THIRD = (Account("discord", "", name) for name in ("u1", "u2", "u3"))


async def person(database: Database, account: Account = ONE) -> int:
    return await People(database).find_or_create(account)


@pytest.fixture
async def links(database: Database) -> Links:
    for account in (ONE, OTHER, THIRD):
        await person(database, account)
    return Links(database)


async def test_a_code_tells_whose_it_is_once_however_it_is_typed(database: Database, links: Links) -> None:
    one = await person(database)
    code = await links.new_code(one, ONE, name="Ada", workspace_name="Tea House", locale="de")
    assert await links.enter("ABCDE-FGHJK", OTHER) is None
    link = await links.enter(f" {code.lower().replace('-', ' ')} ", OTHER)
    assert link is not None
    assert (link.person_id, link.account, link.name, link.workspace_name, link.locale) == (
        one,
        ONE,
        "Ada",
        "Tea House",
        "de",
    )
    assert await links.take(OTHER, link.id) == link
    assert await links.take(OTHER, link.id) is None
    assert await links.enter(code, OTHER) is None


async def test_only_the_account_that_entered_a_code_can_confirm_it(database: Database, links: Links) -> None:
    code = await links.new_code(await person(database), ONE)
    link = await links.enter(code, OTHER)
    assert link is not None
    assert await links.enter(code, THIRD) is None
    assert await links.take(THIRD) is None
    assert await links.take(THIRD, link.id) is None
    assert await links.take(ONE, link.id) is None
    assert await links.take(OTHER, link.id + 1) is None
    assert await links.take(OTHER) == link


async def test_the_code_that_was_entered_last_is_the_one_to_confirm(database: Database, links: Links) -> None:
    first = await links.new_code(await person(database), ONE)
    second = await links.new_code(await person(database, THIRD), THIRD)
    entered = await links.enter(first, OTHER)
    last = await links.enter(second, OTHER)
    assert entered is not None
    assert await links.take(OTHER, entered.id) is None
    assert await links.take(OTHER) == last


async def test_a_new_code_takes_the_place_of_the_earlier_one(database: Database, links: Links) -> None:
    one = await person(database)
    first, second = await links.new_code(one, ONE), await links.new_code(one, ONE)
    assert await links.enter(first, OTHER) is None
    assert await links.enter(second, OTHER) is not None


async def test_a_code_ends_after_ten_minutes(
    database: Database, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await links.new_code(await person(database), ONE)
    assert await links.enter(code, OTHER) is not None
    later = base.now() + timedelta(minutes=module.MINUTES, seconds=1)
    monkeypatch.setattr(module, "now", lambda: later)
    assert await links.take(OTHER) is None
    assert await links.enter(code, OTHER) is None


async def test_wrong_codes_count_for_an_hour(
    database: Database, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await person(database), await person(database, OTHER)
    for _time in range(module.MOST_WRONG):
        assert await links.may_try(one)
        await links.note_wrong(one)
    assert not await links.may_try(one)
    assert await links.may_try(other)
    later = base.now() + timedelta(minutes=module.WRONG_MINUTES, seconds=1)
    monkeypatch.setattr(module, "now", lambda: later)
    assert await links.may_try(one)


async def test_who_entered_a_code_can_be_erased(database: Database, links: Links) -> None:
    code = await links.new_code(await person(database), ONE)
    assert await links.enter(code, OTHER) is not None
    await Privacy(database).forget(await person(database, OTHER))
    assert await links.take(ONE) is None


async def test_notes_are_replaced_listed_by_their_beginning_and_removed(database: Database) -> None:
    notes = PlatformState(database)
    await notes.put("discord", "session:a", {"seq": 1})
    await notes.put("discord", "session:a", {"seq": 2})
    await notes.put("discord", "commands", "hash")
    await notes.put("slack", "session:b", {"seq": 9})
    assert await notes.named("discord", "session:") == {"session:a": {"seq": 2}}
    assert await notes.get("discord", "commands") == "hash"
    await notes.remove("discord", "session:a")
    assert await notes.get("discord", "session:a") is None
