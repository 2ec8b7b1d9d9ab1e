"""What a workspace's admins set with `/riff admin`, and the voice of the brand, by form."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.core.domain import Place
from genai.moderation import Moderator, blocklist
from genai.moderation.blocklist import ScopeTerms
from genai.moderation.chain import Chain
from genai.moderation.settings import ModerationSettings
from genai.moderation.topics import detection as topics
from tests.slack.conftest import Riff, StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.light import FORBIDDEN
from tests.support.slack_server import BOT, SlackServer


@pytest.fixture
async def moderator() -> AsyncIterator[Moderator]:
    """The stages that read a workspace's own rules."""
    settings = ModerationSettings(blocklist=[FORBIDDEN])
    stages = [blocklist.load, lambda _: ScopeTerms(), topics.load]
    moderator = Moderator(settings, load_chain=lambda given: Chain([load(given) for load in stages]))
    await moderator.start()
    yield moderator
    await moderator.close()


Admin = Callable[..., Awaitable[str]]


def admin_of(slack: SlackServer, riff: Riff) -> Admin:
    """Types `/riff admin …` as the admin U9, and gives what they are told."""
    slack.api.admins.add("U9")

    async def admin(words: str, user: str = "U9") -> str:
        await slack.deliver("slash_commands", slack.command(f"admin {words}", user=user))
        await riff.idle()
        return slack.workspace.ephemeral[-1].shown

    return admin


async def ask(slack: SlackServer, riff: Riff, text: str, *, channel: str = "C1", user: str = "U1") -> None:
    await slack.deliver_event(slack.say(channel, f"<@{BOT}> {text}", user=user))
    await riff.idle()


async def test_only_admins_may_and_each_verb_says_what_then_holds(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff()
    admin = admin_of(slack, riff)
    for words in (
        "show",
        "limit 1",
        "channels all",
        "topics none",
        "block tea",
        "unblock tea",
        "admins <@U1>",
    ):
        assert "Only this workspace's admins" in await admin(words, user="U1")
    said = {
        "show": "Channels that I answer in: all",
        "limit 3": "of a person in a minute: 3",
        "limit off": "a person in a minute: any number",
        "limit 50 daily": "in a day: 50",
        "limit off daily": "in a day: any number",
        "limit 20 together": "of everybody in a minute: 20",
        "limit off together": "of everybody in a minute: any number",
        "channels <#C1|general> <#C2>": "Channels that I answer in: <#C1>, <#C2>",
        "channels all": "Channels that I answer in: all",
        "topics medical, politics": "off limits: medical, politics",
        "topics none": "off limits: none",
        "block marmalade": "never shown here: 1",
        "unblock Marmalade": "never shown here: 0",
    }
    for words, told in said.items():
        assert told in await admin(words), words
    wrong = {
        "dance": "Usage:",
        "limit many": "number from 1 to 100000",
        "limit 5 weekly": "number from 1 to 100000",
        "limit 0": "number from 1 to 100000",
        "channels general": "Name channels",
        "admins somebody": "Name people",
        "topics weather": "weather",
        "unblock tea": "not among those",
    }
    for words, told in wrong.items():
        assert told in await admin(words), words


async def test_admins_limit_channels_and_prompts(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff(ScriptedGenerator("Hello."))
    admin = admin_of(slack, riff)
    await admin("limit 1")
    await admin("channels <#C1|general>")
    await ask(slack, riff, "of lanterns", channel="C2")
    assert "other channels" in slack.workspace.ephemeral[-1].shown
    await ask(slack, riff, "of lanterns")
    await ask(slack, riff, "hello again")
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello."]
    assert "more than 1 in a minute" in slack.workspace.ephemeral[-1].shown
    assert "prompts 1," in await admin("show")
    await slack.deliver("slash_commands", slack.command("usage"))
    await riff.idle()
    assert "At most 1 prompts a minute." in slack.workspace.ephemeral[-1].shown
    await slack.deliver_event(slack.say("D2", "of lanterns", user="U2"))
    await riff.idle()
    assert [one.shown for one in slack.workspace.by_riff("D2")] == ["Hello."]


async def test_admins_block_words_and_topics_for_their_workspace(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    riff = await start_riff(ScriptedGenerator("Hello."))
    admin = admin_of(slack, riff)
    await admin("block marmalade")
    await ask(slack, riff, "marmalade toast")
    assert "a word that is not allowed" in slack.workspace.ephemeral[-1].shown
    await admin("unblock marmalade")
    await ask(slack, riff, "marmalade toast")
    await admin("topics medical")
    await ask(slack, riff, "which medication and what dosage cures my diabetes?")
    assert "the topic is off limits here: medical" in slack.workspace.ephemeral[-1].shown
    assert [one.shown for one in slack.workspace.by_riff()] == ["Hello."]


async def test_an_admin_of_another_workspace_is_none_here(slack: SlackServer, start_riff: StartRiff) -> None:
    slack.api.teams["U9"] = "T0OTHER"
    riff = await start_riff()
    assert "Only this workspace's admins" in await admin_of(slack, riff)("limit 1")


async def test_admins_make_others_admins(slack: SlackServer, start_riff: StartRiff) -> None:
    riff = await start_riff()
    admin = admin_of(slack, riff)
    assert "beside Slack's own: <@U1>" in await admin("admins <@U1|somebody>")
    assert "minute: 5" in await admin("limit 5", user="U1")
    assert "beside Slack's own: none" in await admin("admins none")
    assert "Only this workspace's admins" in await admin("limit 6", user="U1")


async def fill_voice(
    slack: SlackServer, riff: Riff, command: str, user: str, **values: str
) -> dict[str, Any]:
    """Opens the form of the brand voice and sends it back; gives the form."""
    count = len(slack.workspace.views)
    await slack.deliver("slash_commands", slack.command(command, user=user))
    await slack.settled(lambda: len(slack.workspace.views) > count)
    view = slack.workspace.views[-1]
    await slack.deliver("interactive", slack.submit(view, values, user=user))
    await riff.idle()
    return view


async def test_a_channel_has_a_brand_voice_of_its_own(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("Hello.")
    riff = await start_riff(generator)
    slack.api.admins.add("U9")
    await slack.deliver("slash_commands", slack.command("voice", user="U1"))
    await slack.settled(lambda: slack.workspace.ephemeral)
    assert "Only those who manage this workspace" in slack.workspace.ephemeral[-1].shown
    assert slack.workspace.views == []
    spoken = {"description": "warm and brief", "use": "together, fresh", "avoid": "cheap"}
    await fill_voice(slack, riff, "voice", "U9", **spoken)
    assert "saved" in slack.workspace.ephemeral[-1].shown
    await ask(slack, riff, "write a line")
    await ask(slack, riff, "write a line", channel="C2")
    here, elsewhere = [request.turns[0].content for request in generator.requests]
    assert "warm and brief" in here
    assert "cheap" in here
    assert "warm and brief" not in elsewhere
    again = await fill_voice(slack, riff, "voice edit", "U9", description=f"say {FORBIDDEN}")
    held = {block["block_id"]: block["element"].get("initial_value") for block in again["blocks"]}
    assert {name: held[name] for name in spoken} == spoken
    assert "a word that is not allowed" in slack.workspace.ephemeral[-1].shown
    kept = await riff.app.repositories.channels.voice(Place("slack", "T0TEAM", "C1"))
    assert kept.brand_voice == spoken["description"]


async def test_admins_give_the_whole_workspace_a_brand_voice(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("Hello.")
    riff = await start_riff(generator)
    slack.api.admins.add("U9")
    await slack.deliver("slash_commands", slack.command("admin voice", user="U1"))
    await slack.settled(lambda: slack.workspace.ephemeral)
    assert "Only this workspace's admins" in slack.workspace.ephemeral[-1].shown
    assert slack.workspace.views == []
    await fill_voice(slack, riff, "admin voice", "U9", description="plain and kind")
    await ask(slack, riff, "write a line", channel="C7")
    assert "plain and kind" in generator.requests[0].turns[0].content


@pytest.mark.parametrize(("typed", "meant"), [("admn show", "/riff admin"), ("voise", "/riff voice")])
async def test_a_typo_gets_the_nearest_of_slacks_own_commands(
    slack: SlackServer, start_riff: StartRiff, typed: str, meant: str
) -> None:
    riff = await start_riff()
    await slack.deliver("slash_commands", slack.command(typed))
    await riff.idle()
    assert f"Did you mean {meant}?" in slack.workspace.ephemeral[-1].shown
