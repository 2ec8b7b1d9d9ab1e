"""The gateway: resumes, lost sessions, zombies, duplicates, several shards, restarts; nothing lost or said twice."""

import asyncio
import zlib

import discord.utils as library
import pytest
from discord.gateway import DiscordWebSocket

from adapters.discord.gateway.identify_turns import IdentifyTurns
from tests.discord.conftest import MakeRiff, connected
from tests.support.discord_server import DiscordServer

Json = dict


async def lone_answers(discord: DiscordServer, channel: Json, count: int) -> list[str]:
    """The messages that were answered, once there are `count` answers and the inbox had time for more."""
    await discord.until(lambda: len(discord.said(channel)) >= count)
    await asyncio.sleep(0.5)
    return [message["message_reference"]["message_id"] for message in discord.said(channel)]


@pytest.fixture
def where(discord: DiscordServer) -> tuple[Json, Json]:
    return discord.add_channel(discord.add_guild()), discord.add_user()


async def test_a_lost_line_is_resumed_and_what_was_said_meanwhile_is_answered_once(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    channel, person = where
    await make_riff("Yes.")
    first = await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: discord.said(channel))
    discord.gateway.drop(0)
    second = await discord.say(person, channel, "two", mention=True)
    assert await lone_answers(discord, channel, 2) == [first["id"], second["id"]]
    assert discord.gateway.resumes
    assert len(discord.gateway.identifies) == 1


@pytest.mark.parametrize("kind", ["op 7", "op 9 resumable", "op 9 lost"])
async def test_reconnects_that_the_server_asks_for(
    kind: str,
    discord: DiscordServer,
    make_riff: MakeRiff,
    where: tuple[Json, Json],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.discord.gateway.identify_turns.IDENTIFY_SECONDS", 0.2)
    channel, person = where
    await make_riff("Yes.")
    if kind == "op 7":
        await discord.gateway.ask_to_reconnect(0)
    else:
        await discord.gateway.invalidate(0, resumable=kind == "op 9 resumable")
    await asyncio.sleep(0.3)
    await discord.gateway.ready()
    asked = await discord.say(person, channel, "one", mention=True)
    assert await lone_answers(discord, channel, 1) == [asked["id"]]
    assert len(discord.gateway.identifies) == (2 if kind == "op 9 lost" else 1)


async def test_a_new_session_goes_where_the_api_says_and_never_to_the_default_address(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.gateway.identify_turns.IDENTIFY_SECONDS", 0.2)
    await make_riff("Yes.")
    asked_before = sum(sent.path == "/gateway/bot" for sent in discord.requests)
    discord.gateway.url = discord.gateway.url.replace("/gateway/", "/")  # another address from now on
    await discord.gateway.invalidate(0, resumable=False)
    await discord.until(lambda: len(discord.gateway.identifies) == 2)
    assert sum(sent.path == "/gateway/bot" for sent in discord.requests) > asked_before
    assert discord.paths[-1] == "/"
    assert DiscordWebSocket.DEFAULT_GATEWAY.host == "gateway.discord.gg"


async def test_a_zombie_connection_is_noticed_and_resumed(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    discord.gateway.heartbeat_ms = 300
    channel, person = where
    await make_riff("Yes.", discord={"heartbeat_timeout_seconds": 1.0})
    discord.gateway.play_dead(0)
    asked = await discord.say(person, channel, "one", mention=True)
    assert await lone_answers(discord, channel, 1) == [asked["id"]]
    assert discord.gateway.resumes


async def test_duplicate_dispatches_are_one_answer(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    channel, person = where
    await make_riff("Yes.")
    asked = await discord.say(person, channel, "one", mention=True, repeat=3)
    await discord.until(lambda: discord.said(channel))
    await discord.gateway.repeat(0, 5)
    assert await lone_answers(discord, channel, 1) == [asked["id"]]


async def test_what_was_said_while_riff_was_away_is_heard_at_the_next_start(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    channel, person = where
    first = await make_riff("Yes.")
    one = await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: discord.said(channel))
    await first.stop()
    two = await discord.say(person, channel, "two", mention=True)
    await make_riff("Yes.")
    assert await lone_answers(discord, channel, 2) == [one["id"], two["id"]]


async def test_what_was_said_in_a_downtime_longer_than_a_session_lives_is_read_back_once(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    channel, person = where
    guild = discord.world.guilds[int(channel["guild_id"])]
    marked, admin = discord.add_channel(guild, "marked"), discord.add_user()
    discord.make_admin(guild, admin)
    dm, silent = discord.world.dm_with(int(person["id"])), discord.add_channel(guild, "silent")
    first = await make_riff("Yes.")
    done = await discord.command(admin, channel, "riff-admin", {"channel": marked["id"]}, sub="channel")
    await done.until(lambda it: it.shown)
    thread = await discord.say(person, channel, "tea in a thread", mention=True)
    for place in (channel, dm):
        await discord.say(person, place, "one", mention=True)
    inside = await discord.until(lambda: discord.world.channels.get(int(thread["id"])))
    await discord.until(lambda: all(discord.said(place) for place in (channel, dm, inside)))
    await asyncio.sleep(1.2)  # until it is noted how far the session was heard
    await first.stop()
    for session in discord.gateway.sessions.values():
        session.is_valid = False
    for place in (channel, dm):
        await discord.say(person, place, "two", mention=True)
    for place in (inside, marked, silent):
        await discord.say(person, place, "two")
    await make_riff("Yes.")
    await discord.until(lambda: len(discord.said(channel)) == len(discord.said(dm)) == 2)
    await discord.until(lambda: len(discord.said(inside)) == 2)
    post = discord.world.by_channel[int(marked["id"])][0]
    await discord.until(lambda: post in discord.world.channels and discord.said(discord.world.channels[post]))
    await asyncio.sleep(0.5)
    assert [len(discord.said(place)) for place in (channel, dm, inside, silent)] == [2, 2, 2, 0]


async def test_a_session_that_nobody_answers_for_is_given_up(
    discord: DiscordServer, make_riff: MakeRiff, where: tuple[Json, Json]
) -> None:
    channel, person = where
    first = await make_riff("Yes.")
    left = {"shard": 0, "session_id": "gone", "url": "ws://127.0.0.1:9/", "seq": 3}
    await first.app.repositories.platform_state.put("discord", "session:gone", left)
    await first.stop()
    second = await make_riff("Yes.")
    asked = await discord.say(person, channel, "one", mention=True)
    assert await lone_answers(discord, channel, 1) == [asked["id"]]
    assert "session:gone" not in await second.app.repositories.platform_state.named("discord", "session:")


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream"])
async def test_both_compressions_are_understood(
    kind: str,
    discord: DiscordServer,
    make_riff: MakeRiff,
    where: tuple[Json, Json],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if kind == "zlib-stream":
        monkeypatch.setattr(library, "_ActiveDecompressionContext", ZlibContext)
    channel, person = where
    await make_riff("Yes.")
    asked = await discord.say(person, channel, "tea " * 500, mention=True)
    assert await lone_answers(discord, channel, 1) == [asked["id"]]
    assert discord.gateway.compressions == [kind]


async def test_shards_share_the_work_and_identify_at_the_allowed_pace(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.gateway.identify_turns.IDENTIFY_SECONDS", 0.6)
    discord.world.shards, discord.gateway.max_concurrency, discord.gateway.identify_seconds = 4, 2, 0.6
    places = [discord.add_channel(discord.add_guild(shard=shard)) for shard in range(4)]
    person = discord.add_user()
    riff = await make_riff("Yes.", connect=False)
    await connected(discord, riff)
    for channel in places:
        await discord.say(person, channel, "one", mention=True)
    await discord.until(lambda: all(discord.said(channel) for channel in places))
    times = [at for at, _ in discord.gateway.identifies]
    assert times[-1] - times[0] >= 0.55  # four shards, two at a time


async def test_turns_to_identify_wait_only_for_their_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = IdentifyTurns()
    turns.limit({"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16})
    async with asyncio.timeout(3):
        await asyncio.gather(*(turns.turn(shard) for shard in range(16)))
    late = asyncio.create_task(turns.turn(16))
    await asyncio.sleep(0.05)
    assert not late.done()
    late.cancel()


class ZlibContext:
    """What discord.py uses where zstd is not installed."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self._context = zlib.decompressobj()

    def decompress(self, data: bytes) -> str | None:
        return self._context.decompress(data).decode()
