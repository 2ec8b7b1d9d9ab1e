"""kill -9 at seeded points: nothing that was asked is lost, nothing is answered twice, order is kept."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.discord_server import DiscordServer, text_of
from tests.support.riff_process import RiffProcess

Json = dict
KILLS = 10


@pytest.fixture
def process(discord: DiscordServer, tmp_path: Path) -> Iterator[RiffProcess]:
    riff = RiffProcess(
        "discord",
        {
            "storage": {"url": f"sqlite:///{tmp_path}/riff.db"},
            "discord": {"api_url": discord.api_url, "token": discord.token, "edit_interval_seconds": 0.05},
            "inbox": {"lease_seconds": 1.5, "poll_seconds": 0.1, "grace_seconds": 2.0, "max_attempts": 50},
        },
        seconds=0.02,
    )
    yield riff
    riff.kill()


def answers_to(discord: DiscordServer, prompt: str) -> list[Json]:
    return [
        message
        for channel in discord.world.channels.values()
        for message in discord.said(channel)
        if f"Answer to {prompt}." in text_of(message)
    ]


def is_answered(discord: DiscordServer, prompt: str) -> bool:
    return any(text_of(message).endswith(f"The end of {prompt}.") for message in answers_to(discord, prompt))


@pytest.mark.timeout(600)  # 60 s on a quiet machine
async def test_killed_at_ten_seeded_points_nothing_is_lost_or_said_twice(
    discord: DiscordServer, process: RiffProcess
) -> None:
    chance = random.Random(7)
    kills, countdown = 0, chance.randint(2, 9)
    restarts: set[asyncio.Task[None]] = set()

    async def restart() -> None:
        await asyncio.to_thread(process.kill)
        await asyncio.to_thread(process.start)

    def maybe_kill(method: str, path: str) -> None:
        """Called before and after each writing request, so that both sides of a post are hit."""
        nonlocal kills, countdown
        if method not in {"POST", "PATCH"} or kills >= KILLS or "typing" in path or restarts:
            return
        countdown -= 1
        if countdown == 0:
            kills, countdown = kills + 1, chance.randint(2, 9)
            task = asyncio.create_task(restart())
            restarts.add(task)
            task.add_done_callback(restarts.discard)

    discord.before = discord.after = maybe_kill
    channels = [discord.add_channel(discord.add_guild()) for _ in range(3)]
    people = [discord.add_user() for _ in range(3)]
    process.start()
    await discord.gateway.ready()
    prompts: dict[str, Json] = {}
    while kills < KILLS or len(prompts) < 16:
        number = len(prompts)
        assert number < 250
        prompts[f"prompt {number}"] = await discord.say(
            people[number % 3], channels[number % 3], f"prompt {number}", mention=True
        )
        await asyncio.sleep(0.3)
    await discord.until(lambda: all(is_answered(discord, prompt) for prompt in prompts), 400)
    await asyncio.sleep(1.0)
    assert kills == KILLS
    for prompt, asked in prompts.items():
        found = answers_to(discord, prompt)
        assert [message["message_reference"]["message_id"] for message in found] == [asked["id"]], prompt
    for channel in channels:
        replied = [int(message["message_reference"]["message_id"]) for message in discord.said(channel)]
        assert replied == sorted(replied)


async def test_a_command_whose_process_died_is_answered_by_the_next(
    discord: DiscordServer, process: RiffProcess
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    process.start()
    await discord.gateway.ready()
    dying: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def kill_at_the_callback(_: str, path: str) -> None:
        if path.endswith("/callback") and not dying.done():
            process.kill()
            dying.set_result(None)

    discord.before = kill_at_the_callback
    await discord.command(person, channel, "copy", {"topic": "tea"})
    await dying
    await asyncio.to_thread(process.start)
    await discord.until(lambda: any("The end of" in text_of(m) for m in discord.said(channel)), 60)
    assert sum("The end of" in text_of(message) for message in discord.said(channel)) == 1
    assert process.is_alive


async def test_a_stopped_riff_ends_its_answers_first(discord: DiscordServer, process: RiffProcess) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    process.start()
    await discord.gateway.ready()
    await discord.say(person, channel, "prompt", mention=True)
    await discord.until(lambda: discord.said(channel))
    assert await asyncio.to_thread(process.stop) == 0
    assert is_answered(discord, "prompt")
    assert next(iter(discord.gateway.sessions.values())).is_valid
