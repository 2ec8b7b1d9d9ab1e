"""How fast Riff acknowledges and answers in a chat platform while many people ask at once.

`python -m benchmarks.chat_load [--events N] [--at-once N] [--json]`; Riff runs in a process of its own with a
generator that answers at once, against the tests' local Slack and Discord, on SQLite and on PostgreSQL. The local
server and Riff share the machine's cores, so the figures are what both need together.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.discord_server import DiscordServer
from tests.support.postgres import shared_cluster
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SlackServer

CHANNELS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table; times in milliseconds."""

    platform: str
    database: str
    events: int
    at_once: int
    ack_p50_ms: float
    ack_p99_ms: float
    first_text_p50_ms: float
    first_text_p99_ms: float
    events_per_second: float


def share(values: list[float], part: float) -> float:
    """The value below which that part of the values lies."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000, 1)


async def slack_load(database: str, url: str, events: int, at_once: int) -> Figures:
    """Mentions in threads of their own, `at_once` of them in flight until `events` are answered."""
    async with SlackServer() as slack:
        slack.sockets.retry_seconds = 30
        tokens = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN}
        settings = {
            "storage": {"url": url, "pool_size": 10},
            "slack": {"api_url": slack.url, "message_seconds": 0.0, "connections": 4, **tokens},
            "inbox": {"workers": 64, "backlog": 100_000},
        }
        riff = RiffProcess("slack", settings)
        riff.start()
        try:
            await slack.sockets.connected(4)
            await _round(slack, 20, 5)  # warm: imports, statements, connections
            slack.sockets.ack_seconds.clear()
            started = time.monotonic()
            first = await _round(slack, events, at_once)
            seconds = time.monotonic() - started
        finally:
            riff.kill()
    acks = slack.sockets.ack_seconds
    return Figures(
        "slack", database, events, at_once,
        share(acks, 0.5), share(acks, 0.99), share(first, 0.5), share(first, 0.99), round(events / seconds, 1),
    )  # fmt: skip


async def _round(slack: SlackServer, events: int, at_once: int) -> list[float]:
    """Seconds from each delivery to the first text that a person sees."""
    room = asyncio.Semaphore(at_once)
    seen: dict[str, asyncio.Future[float]] = {}

    async def note(method: str, arguments: dict[str, Any]) -> None:
        waiting = seen.get(str(arguments.get("thread_ts", "")))
        if method in {"chat.startStream", "chat.postMessage"} and waiting and not waiting.done():
            waiting.set_result(time.monotonic())

    slack.api.after = note

    async def ask(number: int) -> float:
        async with room:
            said = slack.say(f"C{number % CHANNELS}", f"<@{BOT}> prompt {number}", user=f"U{number % 100}")
            seen[said["ts"]] = asyncio.get_running_loop().create_future()
            started = time.monotonic()
            await slack.deliver_event(said)
            return await asyncio.wait_for(seen[said["ts"]], 300) - started

    return list(await asyncio.gather(*(ask(number) for number in range(events))))


async def discord_load(database: str, url: str, events: int, at_once: int) -> Figures:
    """Slash commands in 20 channels, over two shards; the local Discord's windows are short, so that none waits."""
    async with DiscordServer(shards=2, scale=0.001) as discord:
        discord.gateway.max_concurrency = 2
        guilds = [discord.add_guild(shard=shard) for shard in (0, 1)]
        channels = [discord.add_channel(guilds[number % 2]) for number in range(CHANNELS)]
        people = [discord.add_user() for _ in range(100)]
        settings = {
            "storage": {"url": url, "pool_size": 10},
            "discord": {"api_url": discord.api_url, "token": discord.token},
            "inbox": {"workers": 64, "backlog": 100_000},
        }
        riff = RiffProcess("discord", settings)
        riff.start()
        try:
            await discord.gateway.ready()
            room = asyncio.Semaphore(at_once)

            async def ask(number: int) -> tuple[float, float]:
                async with room:
                    started = time.monotonic()
                    asked = await discord.command(
                        people[number % 100],
                        channels[number % CHANNELS],
                        "copy",
                        {"topic": f"prompt {number}"},
                    )
                    await asked.until(lambda it: it.original and it.original["content"], 300)
                    return asked.answered_after or 0.0, time.monotonic() - started

            await asyncio.gather(*(ask(number) for number in range(20)))  # warm
            started = time.monotonic()
            took = await asyncio.gather(*(ask(number) for number in range(events)))
            seconds = time.monotonic() - started
        finally:
            riff.kill()
    acks, first = [ack for ack, _ in took], [text for _, text in took]
    return Figures(
        "discord", database, events, at_once,
        share(acks, 0.5), share(acks, 0.99), share(first, 0.5), share(first, 0.99), round(events / seconds, 1),
    )  # fmt: skip


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """A fresh database of each kind."""
    cluster = shared_cluster()
    name = cluster.create_database()
    with tempfile.TemporaryDirectory() as folder:
        yield [("sqlite", f"sqlite:///{Path(folder) / 'riff.db'}"), ("postgresql", cluster.url(name))]
    cluster.drop_database(name)


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = []
    for load in (slack_load, discord_load):
        with databases() as chosen:
            rows += [asyncio.run(load(name, url, given.events, given.at_once)) for name, url in chosen]
    if given.json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
        return
    names = list(asdict(rows[0]))
    print("| " + " | ".join(names) + " |")
    print("|" + " --- |" * len(names))
    for row in rows:
        print("| " + " | ".join(str(value) for value in asdict(row).values()) + " |")


if __name__ == "__main__":
    main()
