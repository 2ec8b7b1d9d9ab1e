"""The chat load on Discord: slash commands in twenty channels, over two shards."""

import asyncio
import time

from benchmarks.chat_figures import Cost, Figures, Load
from tests.support.discord_server import DiscordServer
from tests.support.discord_server.server import text_of
from tests.support.riff_process import RiffProcess

CHANNELS, PEOPLE, SHARDS = 20, 100, 2


async def load_discord(load: Load) -> Figures:
    """The local Discord's rate-limit windows are short, so that it is Riff that is measured."""
    async with DiscordServer(shards=SHARDS, scale=0.001) as discord:
        discord.gateway.max_concurrency = SHARDS
        guilds = [discord.add_guild(shard=shard) for shard in range(SHARDS)]
        channels = [discord.add_channel(guilds[number % SHARDS]) for number in range(CHANNELS)]
        people = [discord.add_user() for _ in range(PEOPLE)]
        settings = {
            "storage": {"url": load.url},
            "discord": {"api_url": discord.api_url, "token": discord.token},
            "inbox": {"backlog": 100_000},
        }
        room = asyncio.Semaphore(load.at_once)

        async def ask(number: int) -> tuple[float, float]:
            async with room:
                started = time.monotonic()
                asked = await discord.command(
                    people[number % PEOPLE],
                    channels[number % CHANNELS],
                    "copy",
                    {"topic": f"prompt {number}"},
                )
                await asked.until(lambda it: it.original and text_of(it.original), 300)
                return asked.answered_after or 0.0, time.monotonic() - started

        with RiffProcess("discord", settings) as riff:
            async with asyncio.timeout(90):
                await discord.gateway.ready()
            await asyncio.gather(*(ask(number) for number in range(20)))  # warm
            started, cost = time.monotonic(), Cost(riff.pid)
            took = await asyncio.gather(*(ask(number) for number in range(load.events)))
            seconds = time.monotonic() - started
            return load.figures(
                "discord", [ack for ack, _ in took], [text for _, text in took], seconds, cost
            )
