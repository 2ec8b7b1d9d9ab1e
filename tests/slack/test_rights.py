"""Who may do what in Slack: asked anew where it decides, by workspace, and on every attempt."""

import re
from typing import Any

import pytest

from bot.core.domain import Account, Place
from bot.places.access_rules import PlaceRules
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, TEAM, SlackServer
from tests.support.slack_server.state import buttons

LONG = "A first sentence. " + "More and more words. " * 200


async def told(slack: SlackServer, riff: Riff, command: str, user: str = "U9", **more: Any) -> str:
    await slack.deliver("slash_commands", slack.command(command, user=user) | more)
    await riff.idle()
    return slack.workspace.ephemeral[-1].shown


async def press_stop(slack: SlackServer, riff: Riff, user: str) -> None:
    (writing,) = slack.workspace.by_riff()
    await slack.deliver("interactive", slack.press(writing, buttons(writing)["Stop"], user=user))


async def writing(slack: SlackServer, start_riff: StartRiff) -> Riff:
    riff = await start_riff(ScriptedGenerator(LONG, seconds=0.01))
    slack.api.refuse_streams_in.add("C1")
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> of lanterns"))
    await slack.settled(lambda: any("Stop" in buttons(one) for one in slack.workspace.by_riff()))
    return riff


async def test_nobody_stops_the_answer_of_somebody_else(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await writing(slack, start_riff)
    await press_stop(slack, riff, "U2")
    await slack.settled(lambda: slack.workspace.ephemeral)
    assert "Only the person who asked" in slack.workspace.ephemeral[-1].shown
    await riff.idle()
    assert slack.workspace.by_riff()[0].shown.count("More and more words.") == 200


async def test_an_admin_stops_any_answer(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await writing(slack, start_riff)
    slack.api.admins.add("U9")
    await press_stop(slack, riff, "U9")
    await riff.idle()
    assert slack.workspace.by_riff()[0].shown.count("More and more words.") < 200


async def test_a_demotion_counts_at_once(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    slack.api.admins.add("U9")
    assert "minute: 3" in await told(slack, riff, "admin limit 3")
    slack.api.admins.discard("U9")
    assert "Only this workspace's admins" in await told(slack, riff, "admin limit 9")
    assert "Only those who manage this workspace" in await told(slack, riff, "voice set description loud")


@pytest.mark.parametrize("sign", ["", "\u200e", "\x07"])
async def test_a_demotion_counts_at_once_however_a_command_is_written(
    slack: SlackServer, start_riff: StartRiff, sign: str
) -> None:
    """Signs that are taken out of a text hide no command from those who ask who may."""
    riff = await start_riff()
    slack.api.admins.add("U9")
    assert "Done" in await told(slack, riff, "voice set description calm")
    slack.api.admins.discard("U9")
    said = slack.say("C1", f"<@{BOT}> {sign}/voice set description loud", user="U9")
    await slack.deliver_event(said)
    await riff.idle()
    assert "Only those who manage this workspace" in slack.workspace.ephemeral[-1].shown
    voice = await riff.app.repositories.channels.voice(Place("slack", TEAM, "C1"))
    assert voice.brand_voice == "calm"


async def test_who_cannot_be_asked_for_is_no_admin_for_changes(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    slack.api.admins.add("U9")
    assert "minute: 3" in await told(slack, riff, "admin limit 3")
    slack.api.failures["users.info"] = [("internal_error", 0.0)] * 9
    assert "Only this workspace's admins" in await told(slack, riff, "admin limit 9")


@pytest.mark.parametrize("command", ["voice", "admin voice"])
async def test_the_form_of_the_voice_asks_for_its_admin_again(
    slack: SlackServer, start_riff: StartRiff, command: str
) -> None:
    riff = await start_riff()
    slack.api.admins.add("U9")
    await slack.deliver("slash_commands", slack.command(command, user="U9"))
    await slack.settled(lambda: slack.workspace.views)
    slack.api.admins.discard("U9")
    filled = slack.submit(slack.workspace.views[-1], {"description": "loud"}, user="U9")
    await slack.deliver("interactive", filled)
    await riff.idle()
    assert "Only those who manage this workspace" in slack.workspace.ephemeral[-1].shown
    for channel in ("C1", "*"):
        voice = await riff.app.repositories.channels.voice(Place("slack", TEAM, channel))
        assert voice.brand_voice == ""


async def test_an_admin_of_one_workspace_sets_nothing_for_the_whole_organisation(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Hello."))
    slack.api.enterprise = "E1"
    slack.api.admins.add("U9")
    here = {"team_id": TEAM, "enterprise_id": "E1"}
    there = {"team_id": "T2", "enterprise_id": "E1"}
    assert "Channels that I answer in: <#C1>" in await told(
        slack, riff, "admin channels <#C1|general>", **here
    )
    for words in ("channels all", "limit 1", "topics medical", "block tea", "unblock tea"):
        assert "Only this workspace's admins" in await told(slack, riff, f"admin {words}", **there), words
    assert "Only those who manage" in await told(
        slack, riff, "voice set description loud --for workspace", **there
    )
    assert "minute: 1" in await told(slack, riff, "admin limit 1", **here)
    slack.api.organisation_admins.add("U9")
    untouched = await told(slack, riff, "admin show", **there)
    assert "Channels that I answer in: all" in untouched
    assert "minute: any number" in untouched
    assert "Channels that I answer in: <#C1>" in await told(slack, riff, "admin show", **here)


async def test_a_code_names_its_account_and_the_workspace_as_slack_calls_them(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    await slack.deliver_event(slack.say("D1", "/link"))
    await riff.idle()
    (code,) = re.findall(r"\b\w{5}-\w{5}\b", slack.workspace.by_riff("D1")[-1].shown)[:1]
    other = Account("discord", "", "77")
    await riff.app.repositories.people.find_or_create(other)
    link = await riff.app.repositories.links.enter(code, other)
    assert link is not None
    assert (link.account, link.name) == (Account("slack", TEAM, "U1"), "name of U1")
    assert link.workspace_name == "t"


async def test_channel_rules_hold_on_every_attempt(slack: SlackServer, start_riff: StartRiff) -> None:
    first = await writing(slack, start_riff)
    await first.stop()
    person = await first.app.repositories.people.find_or_create(Account("slack", TEAM, "U9"))
    await PlaceRules(first.app.repositories.scopes, "slack").set(TEAM, "channels", ["C2"], person)
    second = await start_riff(ScriptedGenerator(LONG))
    await second.idle()
    assert any("other channels" in one.shown for one in slack.workspace.ephemeral)
    assert all(one.shown.count("More and more words.") < 200 for one in slack.workspace.by_riff())


async def test_slack_says_who_is_in_a_channel(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    slack.api.private["G1"] = ["U7", "U8", "U9", "U1"]
    asks = riff.app.memberships._is_in
    one, other = Account("slack", TEAM, "U1"), Account("slack", TEAM, "U2")
    assert await asks(one, ("slack", TEAM, "G1"))
    assert not await asks(other, ("slack", TEAM, "G1"))
    assert await asks(other, ("slack", TEAM, "C1"))
    slack.api.private["G2"] = ["U1"]
    slack.api.failures["conversations.members"] = [("missing_scope", 0.0)]
    assert not await asks(one, ("slack", TEAM, "G2"))
    assert await asks(one, ("slack", TEAM, "G2"))
