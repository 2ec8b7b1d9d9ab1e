"""What a workspace's admins allow: kept under readable keys, on record, and the same for every platform."""

import pytest

from bot.app import App
from bot.core.domain import Account
from bot.places.access_rules import PlaceRules, Rules
from storage.values.records import Scope
from tests.bot.conftest import MakeApp
from tests.support.doubles import ScriptedGenerator


@pytest.fixture
async def app(make_app: MakeApp) -> App:
    return await make_app(ScriptedGenerator("Hello."))


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_rules_are_kept_and_found_by_another_process(app: App, platform: str) -> None:
    scopes = app.repositories.scopes
    person = await app.repositories.people.find_or_create(Account(platform, "W", "U"))
    rules = PlaceRules(scopes, platform)
    assert await rules.unmet("W", channels={"C1"}) is None
    await rules.set("W", "channels", ["C1", "C2"], person)
    assert await rules.set("W", "roles", ["R"], person) == Rules(frozenset({"C1", "C2"}), frozenset({"R"}))
    stored = await scopes.settings(Scope(f"{platform}-admin", "W"))
    assert stored == {"channels": ["C1", "C2"], "roles": ["R"]}
    other = PlaceRules(scopes, platform)
    assert await other.unmet("W", channels={"C3"}, roles={"R"}) == "channels"
    assert await other.unmet("W", channels={"C3", "C2"}, roles={"S"}) == "roles"
    assert await other.unmet("W", channels={"C2"}, roles={"R", "S"}) is None
    assert await other.unmet("W2", channels={"C3"}) is None
    await rules.set("W", "channels", None, person)
    await rules.set("W", "roles", None, person)
    assert await rules.unmet("W", channels={"C3"}) is None
    assert [change.person_id for change in await scopes.changes(10)] == [person] * 4
