"""Many people at once: nothing lost, nothing twice, in order, and no request that a bucket did not allow."""

import asyncio
import random

import pytest

from tests.discord.conftest import MakeRiff, connected
from tests.support.discord_server import DiscordServer, text_of

MESSAGES, PEOPLE, CHANNELS = 1000, 100, 20


@pytest.mark.timeout(900)  # 30 s on a quiet machine
async def test_a_thousand_messages_over_two_shards_with_reconnects_and_duplicates(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    chance = random.Random(1)
    discord.world.shards = discord.gateway.max_concurrency = 2
    discord.limits.scale = 0.005
    guilds = [discord.add_guild(shard=shard) for shard in (0, 1)]
    channels = [discord.add_channel(guilds[number % 2]) for number in range(CHANNELS)]
    people = [discord.add_user() for _ in range(PEOPLE)]
    riff = await make_riff("Yes.", connect=False, discord={"edit_interval_seconds": 5.0})
    await connected(discord, riff)
    asked: dict[str, list[str]] = {channel["id"]: [] for channel in channels}
    for number in range(MESSAGES):
        channel = chance.choice(channels)
        repeat = 2 if chance.random() < 0.1 else 1
        said = await discord.say(
            chance.choice(people), channel, f"prompt {number}", mention=True, repeat=repeat
        )
        asked[channel["id"]].append(said["id"])
        if number in {200, 500, 700}:
            discord.gateway.drop(number % 2)
        if number in {350, 850}:
            await discord.gateway.ask_to_reconnect(number % 2)
        if number % 50 == 0:
            await asyncio.sleep(0.05)

    def answered() -> int:
        return sum(len(discord.said(channel)) for channel in channels)

    await discord.until(lambda: answered() >= MESSAGES, 800)
    while await riff.app.inbox.rows.unfinished("discord"):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    for channel in channels:
        replied = [message["message_reference"]["message_id"] for message in discord.said(channel)]
        assert replied == asked[channel["id"]]
        assert all(text_of(message) == "Yes." for message in discord.said(channel))


@pytest.mark.parametrize("count", [1, 20])
async def test_a_burst_of_200_prompts_is_answered_in_order_and_no_request_comes_before_its_time(
    count: int, discord: DiscordServer, make_riff: MakeRiff
) -> None:
    discord.limits.scale = 0.02  # five messages in 100 ms for each channel, and 50 requests in a whole second
    guild, person = discord.add_guild(), discord.add_user()
    channels = [discord.add_channel(guild) for _ in range(count)]
    await make_riff("Yes.", discord={"edit_interval_seconds": 5.0})
    asked: dict[str, list[str]] = {channel["id"]: [] for channel in channels}
    for number in range(200):
        channel = channels[number % count]
        said = await discord.say(person, channel, f"prompt {number}", mention=True)
        asked[channel["id"]].append(said["id"])
    await discord.until(lambda: sum(len(discord.said(channel)) for channel in channels) >= 200, 120)
    for channel in channels:
        replied = [message["message_reference"]["message_id"] for message in discord.said(channel)]
        assert replied == asked[channel["id"]]
    assert discord.limits.refused == []
    assert [sent for sent in discord.requests if sent.status == 429] == []
