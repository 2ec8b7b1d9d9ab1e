"""Several workspaces of one organisation, as on Enterprise Grid: what one's admins set is nothing to the others."""

from typing import Any

import pytest

from bot.core.domain import Place, Scope
from bot.places.quotas import Quotas
from tests.slack.conftest import Riff, StartRiff
from tests.slack.test_admin import moderator
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, TEAM, SlackServer

__all__ = ["moderator"]

ORGANISATION, OTHER = "E1", "T0OTHER"
HERE, THERE = (TEAM, "U1", "C1"), (OTHER, "U2", "C2")
"""A workspace of the organisation, somebody in it and a channel of theirs; and the same of another one."""
ADMINS = {TEAM: "U9", OTHER: "U8"}
TEMPLATE = """name = "pitch"
summary = "a pitch"
prompt = "a pitch for {product}"
fields = [{name = "product"}]"""


def within(team: str) -> dict[str, Any]:
    return {"team_id": team, "enterprise_id": ORGANISATION}


class People:
    """What somebody of a workspace types, and what they see."""

    def __init__(self, slack: SlackServer, riff: Riff, generator: ScriptedGenerator) -> None:
        self.slack, self.riff, self.generator = slack, riff, generator

    async def command(self, text: str, team: str, user: str = "", channel: str = "C1") -> str:
        """Types a command, as the workspace's admin unless somebody is named; gives what they alone were told."""
        typed = self.slack.command(text, user=user or ADMINS[team], channel=channel)
        await self.slack.deliver("slash_commands", typed | within(team))
        await self.riff.idle()
        return self.slack.workspace.ephemeral[-1].shown

    async def ask(self, text: str, team: str, user: str, channel: str) -> int:
        """Asks in a channel; how much of it the model was given: 1 or 0 prompts."""
        before = len(self.generator.requests)
        said = self.slack.say(channel, f"<@{BOT}> {text}", user=user, team=team)
        authorised = {"authorizations": [{"team_id": team, "enterprise_id": ORGANISATION, "user_id": BOT}]}
        await self.slack.deliver_event(said, **within(team), **authorised)
        await self.riff.idle()
        return len(self.generator.requests) - before


@pytest.fixture
async def people(slack: SlackServer, start_riff: StartRiff) -> People:
    generator = ScriptedGenerator("Hello.")
    slack.api.enterprise = ORGANISATION
    slack.api.admins.update(ADMINS.values())
    slack.api.teams.update({"U2": OTHER, "U8": OTHER})
    return People(slack, await start_riff(generator), generator)


async def test_limits_are_those_of_the_own_workspace(people: People) -> None:
    assert "in a minute: 1\n" in await people.command("admin limit 1", TEAM)
    assert "in a minute: any number\n" in await people.command("admin show", OTHER)
    assert [await people.ask("of lanterns", *HERE) for _ in range(2)] == [1, 0]
    assert [await people.ask("of lanterns", *THERE) for _ in range(2)] == [1, 1]


async def test_what_one_workspace_asks_for_together_is_not_counted_to_another(people: People) -> None:
    assert "of everybody in a minute: 1\n" in await people.command("admin limit 1 together", TEAM)
    assert [await people.ask("of lanterns", *THERE) for _ in range(2)] == [1, 1]
    assert [await people.ask("of lanterns", *HERE) for _ in range(2)] == [1, 0]
    assert "people: 1; prompts 2," in await people.command("admin show", OTHER)


async def test_words_and_topics_are_those_of_the_own_workspace(people: People) -> None:
    assert "never shown here: 1" in await people.command("admin block marmalade", TEAM)
    assert "off limits: medical" in await people.command("admin topics medical", TEAM)
    shown = await people.command("admin show", OTHER)
    assert "off limits: none" in shown
    assert "never shown here: 0" in shown
    for text in ("marmalade toast", "which medication and what dosage cures my diabetes?"):
        assert await people.ask(text, *HERE) == 0
        assert await people.ask(text, *THERE) == 1


async def test_the_brand_voice_is_that_of_the_own_workspace(people: People) -> None:
    await people.command("voice set description calm and slow --for workspace", TEAM)
    for place in (HERE, THERE):
        assert await people.ask("write a line", *place) == 1
    here, there = [request.turns[0].content for request in people.generator.requests]
    assert "calm and slow" in here
    assert "calm and slow" not in there


async def test_templates_are_those_of_the_own_workspace(people: People) -> None:
    assert "Done: " in await people.command(f"template add {TEMPLATE}", TEAM)
    assert "a pitch" in await people.command("template list", TEAM, "U1")
    assert "no templates yet" in await people.command("template list", OTHER, "U2")
    assert "no template of that name" in await people.command("use pitch tea", OTHER, "U2", "C2")
    assert people.generator.requests == []
    await people.command("use pitch tea", TEAM, "U1")
    assert len(people.generator.requests) == 1


async def test_a_brainstorm_goes_by_the_rules_of_the_workspace_that_it_was_started_from(
    people: People,
) -> None:
    await people.command("admin block marmalade", TEAM)
    await people.command("session start breakfast --minutes 10", TEAM, "U1")
    await people.command("session start breakfast --minutes 10", OTHER, "U2", "C2")
    running = await people.riff.app.repositories.brainstorms.running()
    held = [await people.riff.app.policies.of(one.place) for one in running]
    assert [policy.blocklist for policy in held] == [("marmalade",), ()]


async def test_who_manages_one_workspace_sets_nothing_from_another(people: People) -> None:
    for words in ("admin limit 1", "admin topics medical", "admin block tea", "admin unblock tea"):
        assert "Only this workspace's admins" in await people.command(words, OTHER, ADMINS[TEAM]), words
    for words in ("voice set description loud --for workspace", f"template add {TEMPLATE}"):
        assert "Only those who manage" in await people.command(words, OTHER, ADMINS[TEAM]), words
    people.slack.api.organisation_admins.add(ADMINS[TEAM])
    people.slack.api.admins.discard(ADMINS[TEAM])
    assert "in a minute: 4\n" in await people.command("admin limit 4", OTHER, ADMINS[TEAM])
    assert "in a minute: any number\n" in await people.command("admin show", TEAM)


async def test_what_was_set_for_the_whole_organisation_holds_beneath_what_a_workspace_sets(
    people: People,
) -> None:
    app, whole = people.riff.app, Scope("slack", ORGANISATION)
    quotas = Quotas(app.repositories.usage, app.repositories.scopes, app.settings.limits)
    await quotas.set(whole, "in_minute", 2)
    await app.policies.set(whole, "topics", ["medical"])
    await app.policies.block_term(whole, "marmalade")
    await app.repositories.channels.update_voice(Place("slack", ORGANISATION, "*"), {"brand_voice": "calm"})
    pitch = {"name": "pitch", "summary": "of all", "prompt": "{product}", "fields": [{"name": "product"}]}
    await app.repositories.templates.save(whole, "pitch", pitch)

    shown = await people.command("admin show", TEAM)
    for told in ("of a person in a minute: 2\n", "off limits: medical", "never shown here: 1"):
        assert told in shown
    assert [await people.ask("of lanterns", *HERE) for _ in range(3)] == [1, 1, 0]
    assert "calm" in people.generator.requests[-1].turns[0].content
    assert await people.ask("marmalade", *THERE) == 0
    assert "of all" in await people.command("template list", TEAM)
    assert "all of your organisation" in await people.command("template remove pitch", TEAM)

    shown = await people.command("admin limit 3", TEAM)
    assert "of a person in a minute: 3\n" in shown
    assert "off limits: politics" in await people.command("admin topics politics", TEAM)
    assert "never shown here: 2" in await people.command("admin block tea", TEAM)
    await people.command("voice set description slow --for workspace", TEAM)
    await people.command(f"template add {TEMPLATE}", TEAM)
    assert await people.ask("of lanterns", *HERE) == 1
    assert "slow" in people.generator.requests[-1].turns[0].content
    assert "of all" not in await people.command("template list", TEAM)
    shown = await people.command("admin show", OTHER)
    for told in ("of a person in a minute: 2\n", "off limits: medical", "never shown here: 1"):
        assert told in shown
    assert "of all" in await people.command("template list", OTHER)
    assert "of a person in a minute: 2\n" in await people.command("admin limit off", TEAM)
    assert "is removed" in await people.command("template remove pitch", TEAM)
    assert "of all" in await people.command("template list", TEAM)
