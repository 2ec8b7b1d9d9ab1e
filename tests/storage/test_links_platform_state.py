"""Codes that link accounts work once and not for long; what adapters note for themselves stays."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.models import base
from storage.repositories import links as module
from storage.repositories.links import Links
from storage.repositories.people import People
from storage.repositories.platform_state import PlatformState
from storage.values.records import Account


async def person(database: Database, name: str = "u1") -> int:
    return await People(database).find_or_create(Account("discord", "", name))


async def test_a_code_opens_its_person_once_however_it_is_typed(database: Database) -> None:
    links, one = Links(database), await person(database)
    code = await links.new_code(one)
    assert await links.take("ABCDE-FGHJK") is None
    assert await links.take(f" {code.lower().replace('-', ' ')} ") == one
    assert await links.take(code) is None


async def test_a_new_code_takes_the_place_of_the_earlier_one(database: Database) -> None:
    links, one = Links(database), await person(database)
    first, second = await links.new_code(one), await links.new_code(one)
    assert await links.take(first) is None
    assert await links.take(second) == one


async def test_a_code_ends_after_ten_minutes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    links, one = Links(database), await person(database)
    code = await links.new_code(one)
    later = base.now() + timedelta(minutes=module.MINUTES, seconds=1)
    monkeypatch.setattr(module, "now", lambda: later)
    assert await links.take(code) is None


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
