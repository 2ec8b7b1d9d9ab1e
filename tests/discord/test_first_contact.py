"""First contact on Discord: a server adds Riff, a person greets it; marked channels answer requests."""

import asyncio
import logging

import pytest

from bot.core.log_limits import CONNECTED
from tests.discord.conftest import MakeRiff
from tests.support.discord_server import DiscordServer, buttons, text_of

BEGINNINGS = ["Ideas", "Names", "Copy", "Ad", "Team session", "My profile"]


async def test_a_server_that_adds_riff_is_greeted_once_where_riff_may_write(
    discord: DiscordServer, make_riff: MakeRiff, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, CONNECTED)
    discord.add_channel(discord.add_guild("Old"))
    riff = await make_riff()
    async with asyncio.timeout(20):
        while "connected to Discord as @Riff in 1 server" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    guild, person = discord.add_guild("New"), discord.add_user()
    closed, channel = discord.add_channel(guild, "closed"), discord.add_channel(guild)
    await discord.deny(closed, "send_messages")
    told = discord.world.guild_create(guild)
    del told["unavailable"]  # it is said only of servers that were joined before
    for _ in range(2):
        await discord.gateway.publish(0, "GUILD_CREATE", told)
    await discord.until(lambda: discord.said(channel))
    (welcome,) = discord.said(channel)
    assert [button["label"] for button in buttons(welcome)] == BEGINNINGS
    assert text_of(welcome).count("\n") == 2
    ideas, profile = buttons(welcome)[0], buttons(welcome)[-1]
    for pressed, name in ((ideas, "brainstorm/"), (profile, "profile/edit")):
        done = await discord.press(person, welcome, pressed["custom_id"])
        await done.until(lambda it: it.response)
        assert done.response["type"] == 9
        assert name in done.response["data"]["custom_id"]
    direct = discord.world.dm_with(int(person["id"]))
    await discord.say(person, direct, "what can you do?")
    await discord.until(lambda: discord.said(direct))
    assert len(buttons(discord.said(direct)[0])) == len(BEGINNINGS)
    assert riff.generator.requests == []
    assert [len(discord.said(each)) for each in (closed, channel)] == [0, 1]


async def test_a_marked_channel_answers_requests_and_not_greetings(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    guild, admin, person = discord.add_guild(), discord.add_user(), discord.add_user()
    channel = discord.add_channel(guild)
    discord.make_admin(guild, admin)
    riff = await make_riff()
    done = await discord.command(admin, channel, "riff-admin", {"channel": channel["id"]}, sub="channel")
    await done.until(lambda it: it.shown and "every post" in text_of(it.shown[0]))
    greetings = [
        await discord.say(person, channel, words)
        for words in ("Good morning all!", "thanks", "🎉", "大家好！")
    ]
    asked = await discord.say(person, channel, "a shelf for shared umbrellas")
    thread = await discord.until(lambda: discord.world.channels.get(int(asked["id"])))
    await discord.until(lambda: discord.said(thread))
    assert not any(int(each["id"]) in discord.world.channels for each in greetings)
    assert all("umbrellas" in str(request.turns) for request in riff.generator.requests)


async def test_a_number_in_the_channel_means_the_list_above(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    await discord.say(person, channel, "/brainstorm 2 tea shops", mention=True)
    await discord.until(lambda: discord.said(channel) and buttons(discord.said(channel)[-1])[0]["type"] == 3)
    await discord.say(person, channel, "/improve 2", mention=True)
    await discord.until(lambda: len(riff.generator.requests) == 2)
    assert "Jar loan" in riff.generator.requests[-1].turns[-1].content
