"""A whole session of four people with ten ideas: how often Riff speaks where all can read it."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.session.timing import Clock
from tests.discord.conftest import MakeRiff
from tests.discord.test_brainstorms import started
from tests.slack.test_quiet_session import IDEAS, MOST, RIFF
from tests.support.discord_server import DiscordServer, text_of


def _is_marked(discord: DiscordServer, thread: dict[str, Any], count: int) -> bool:
    """Whether so many messages of the thread have a reaction."""
    ids = discord.world.by_channel[int(thread["id"])]
    return sum(bool(discord.world.messages[key].get("reactions")) for key in ids) == count


async def test_ten_ideas_of_four_people_take_few_messages_of_riffs(
    discord: DiscordServer, make_riff: MakeRiff
) -> None:
    channel = discord.add_channel(discord.add_guild())
    people = [discord.add_user(f"person {number}") for number in range(4)]
    riff = await make_riff(RIFF, session={"quiet_seconds": 0.0})
    thread = await started(discord, people[0], channel)

    async def idle() -> None:
        async with asyncio.timeout(30):
            while await riff.app.inbox.rows.unfinished("discord"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def typed(sub: str, **options: str) -> None:
        asked = await discord.command(people[0], thread, "session", options, sub=sub)
        await asked.until(lambda it: it.shown and not it.shown[0]["flags"] & 128)
        await idle()

    await typed("skip")
    for number, idea in enumerate(IDEAS):
        await discord.say(people[number % 4], thread, idea)
        await discord.until(partial(_is_marked, discord, thread, number + 1))
        if number > 3:  # people are quiet for a moment, so that Riff adds something
            await Clock(riff.app.settings.session, riff.app.repositories, "en").tick(datetime.now(UTC))
            await idle()
    board = await discord.command(people[2], thread, "session", sub="board")
    await board.until(lambda it: it.shown and not it.shown[0]["flags"] & 128)
    await typed("skip", phase="vote")
    for number, person in enumerate(people):
        await discord.say(person, thread, f"{number + 1} 5 9")
        told = discord.world.dm_with(int(person["id"]))
        await discord.until(partial(discord.said, told))
    await typed("skip")
    await typed("end")
    shown = [*discord.said(channel), *discord.said(thread)]
    assert len(shown) <= MOST


async def test_what_stands_is_there_once_also_after_a_crash(
    discord: DiscordServer, make_riff: MakeRiff, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, person = discord.add_channel(discord.add_guild()), discord.add_user()
    riff = await make_riff()
    thread = await started(discord, person, channel)
    state = riff.app.repositories.platform_state
    put, crashes = state.put, set[bool]()

    async def lost(platform: str, name: str, value: Any) -> None:
        if name.startswith("standing:") and name.endswith(":card") not in crashes:
            crashes.add(name.endswith(":card"))
            raise RuntimeError("a crash before it was noted")
        await put(platform, name, value)

    async with asyncio.timeout(20):
        while len(await state.named("discord", "standing:")) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    monkeypatch.setattr(state, "put", lost)
    await discord.command(person, thread, "session", sub="skip")
    await discord.until(lambda: "collecting ideas (now)" in text_of(discord.said(channel)[0]), 30)
    await asyncio.sleep(0.3)
    assert len(crashes) == 2
    assert ["Ideas, please." in text_of(one) for one in discord.said(thread)] == [False, True]
