"""Who may do what in Discord: asked of it at the moment that it decides, whatever held when something was asked for."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.core.domain import Account, Place
from bot.places.access_rules import PlaceRules
from tests.discord.conftest import MakeRiff, Riff
from tests.support.discord_server import DiscordServer, Interaction, buttons, text_of

ONLY_ADMINS = "Only those who manage this workspace"
LONG = "Tea is nice. " * 300
Json = dict[str, Any]


def says(told: str) -> Callable[[Interaction], bool]:
    return lambda it: told in " ".join(map(text_of, it.shown))


async def say_loud(discord: DiscordServer, who: Json, channel: Json, word: str) -> Interaction:
    return await discord.command(who, channel, "voice", {"field": "description", "value": word}, sub="set")


async def voice_in(riff: Riff, channel: Json) -> str:
    place = Place("discord", channel["guild_id"], channel["id"])
    return (await riff.app.repositories.channels.voice(place)).brand_voice


def demote(discord: DiscordServer, who: Json, channel: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they ask for from now on was asked for before they were: Discord said then that they were an admin."""
    before, now = discord.world.permissions(channel, int(who["id"])), discord.world.permissions
    monkeypatch.setattr(
        discord.world, "permissions", lambda place, user=None: now(place) if user is None else before
    )
    discord.world.admins[int(channel["guild_id"])].discard(int(who["id"]))


async def test_a_demotion_counts_at_once_for_changes(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild, admin = discord.add_guild(), discord.add_user()
    channel = discord.add_channel(guild)
    discord.make_admin(guild, admin)
    riff = await make_riff("Tea.")
    await (await say_loud(discord, admin, channel, "calm")).until(says("Done"))
    demote(discord, admin, channel, monkeypatch)
    await (await say_loud(discord, admin, channel, "loud")).until(says(ONLY_ADMINS))
    assert await voice_in(riff, channel) == "calm"


async def test_who_was_demoted_steers_no_brainstorm_of_others(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild, admin, person = discord.add_guild(), discord.add_user(), discord.add_user()
    channel = discord.add_channel(guild)
    thread = discord.world.add_thread(channel, "tea", person["id"])
    discord.make_admin(guild, admin)
    riff = await make_riff("Tea.")
    await discord.command(person, thread, "session", {"topic": "tea"}, sub="start")
    async with asyncio.timeout(20):
        while not await riff.app.repositories.brainstorms.running():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    demote(discord, admin, channel, monkeypatch)
    refused = await discord.command(admin, thread, "session", sub="pause")
    await refused.until(says("Only who started the brainstorm, or an admin"))


async def test_a_role_that_is_changed_counts_at_once(discord: DiscordServer, make_riff: MakeRiff) -> None:
    guild, admin = discord.add_guild(), discord.add_user()
    channel = discord.add_channel(guild)
    discord.make_admin(guild, admin)
    riff = await make_riff("Tea.")
    everyone, managers = guild["roles"]
    managers["permissions"] = everyone["permissions"]
    await discord.publish_to(channel, "GUILD_ROLE_UPDATE", {"guild_id": guild["id"], "role": managers})
    await (await say_loud(discord, admin, channel, "loud")).until(says(ONLY_ADMINS))
    assert await voice_in(riff, channel) == ""


async def test_who_cannot_be_asked_for_is_no_admin(discord: DiscordServer, make_riff: MakeRiff) -> None:
    guild, admin = discord.add_guild(), discord.add_user()
    channel = discord.add_channel(guild)
    discord.make_admin(guild, admin)
    riff = await make_riff("Tea.")
    discord.fail_next("GET", f"/guilds/{guild['id']}/members", 404)
    await (await say_loud(discord, admin, channel, "loud")).until(says(ONLY_ADMINS))
    assert await voice_in(riff, channel) == ""
    await (await say_loud(discord, admin, channel, "loud")).until(says("Done"))


async def test_an_admin_stops_any_answer(discord: DiscordServer, make_riff: MakeRiff) -> None:
    guild, person, admin = discord.add_guild(), discord.add_user(), discord.add_user()
    channel = discord.add_channel(guild)
    discord.make_admin(guild, admin)
    await make_riff(LONG, seconds=0.02)
    await discord.say(person, channel, "of lanterns", mention=True)
    await discord.until(lambda: discord.said(channel) and buttons(discord.said(channel)[0]))
    message = discord.said(channel)[0]
    await discord.press(admin, message, buttons(message)[0]["custom_id"])
    await discord.until(lambda: "Stopped." in text_of(message))


async def test_channel_rules_hold_on_every_attempt(discord: DiscordServer, make_riff: MakeRiff) -> None:
    guild, person = discord.add_guild(), discord.add_user()
    channel, allowed = discord.add_channel(guild), discord.add_channel(guild, "allowed")
    first = await make_riff(LONG, seconds=0.05)
    await discord.say(person, channel, "of lanterns", mention=True)
    await discord.until(lambda: discord.said(channel) and buttons(discord.said(channel)[0]))
    await first.stop()
    repositories = first.app.repositories
    admin = await repositories.people.find_or_create(Account("discord", "", guild["owner_id"]))
    await PlaceRules(repositories.scopes, "discord").set(guild["id"], "channels", [allowed["id"]], admin)
    await make_riff(LONG)
    alone = discord.world.dm_with(int(person["id"]))
    await discord.until(lambda: "other channels" in str(discord.said(alone)))
    assert all(text_of(message).count("Tea is nice.") < 300 for message in discord.said(channel))
