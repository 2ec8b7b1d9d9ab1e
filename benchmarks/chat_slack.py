"""The chat load on Slack: mentions in threads of their own, by Socket Mode or by signed HTTP."""

import asyncio
import socket
import time
from itertools import count
from typing import Any

import aiohttp

from benchmarks.chat_figures import Cost, Figures, Load
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SIGNING_SECRET, SlackServer

CHANNELS, PEOPLE, CONNECTIONS = 20, 100, 4
_START_SECONDS = 90


async def socket_load(load: Load) -> Figures:
    """By Socket Mode, over four connections."""
    async with SlackServer() as slack:
        slack.sockets.retry_seconds = 30
        own = {"app_token": APP_TOKEN, "connections": CONNECTIONS}
        with RiffProcess("slack", _settings(slack, load, own)) as riff:
            await slack.sockets.connected(CONNECTIONS)
            return await _measured("slack socket", slack, load, riff)


async def http_load(load: Load) -> Figures:
    """By HTTP, each request signed and checked."""
    port = _free_port()
    async with SlackServer() as slack:
        own = {"mode": "http", "signing_secret": SIGNING_SECRET, "host": "127.0.0.1", "port": port}
        with RiffProcess("slack", _settings(slack, load, own)) as riff:
            await _listening(port)
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            return await _measured("slack http", slack, load, riff)


def _settings(slack: SlackServer, load: Load, own: dict[str, Any]) -> dict[str, Any]:
    return {
        "storage": {"url": load.url},
        "slack": {"api_url": slack.url, "message_interval_seconds": 0.0, "bot_token": BOT_TOKEN, **own},
        "inbox": {"backlog": 100_000},
    }


async def _measured(platform: str, slack: SlackServer, load: Load, riff: RiffProcess) -> Figures:
    await _round(slack, 20, 5)  # warm: imports, statements, connections
    started, cost = time.monotonic(), Cost(riff.pid)
    took = await _round(slack, load.events, load.at_once, load.watch_every, cost)
    seconds = time.monotonic() - started
    return load.figures(platform, [ack for ack, _ in took], [text for _, text in took], seconds, cost)


async def _round(
    slack: SlackServer, events: int, at_once: int, watch_every: int = 0, cost: Cost | None = None
) -> list[tuple[float, float]]:
    """Of each event the seconds to its acknowledgement, and to the first text that a person sees."""
    room = asyncio.Semaphore(at_once)
    seen: dict[str, asyncio.Future[float]] = {}
    done = count(1)

    async def note(method: str, arguments: dict[str, Any]) -> None:
        waiting = seen.get(str(arguments.get("thread_ts", "")))
        if method in {"chat.startStream", "chat.postMessage"} and waiting and not waiting.done():
            waiting.set_result(time.monotonic())

    slack.api.after = note

    async def ask(number: int) -> tuple[float, float]:
        async with room:
            user = f"U{number % PEOPLE}"
            said = slack.say(f"C{number % CHANNELS}", f"<@{BOT}> prompt {number}", user=user)
            seen[said["ts"]] = asyncio.get_running_loop().create_future()
            started = time.monotonic()
            await slack.deliver_event(said)
            acknowledged = time.monotonic()
            first_text = await asyncio.wait_for(seen[said["ts"]], 300)
            if cost is not None and watch_every and not (answered := next(done)) % watch_every:
                cost.told_at(answered)
            return acknowledged - started, first_text - started

    return list(await asyncio.gather(*(ask(number) for number in range(events))))


async def _listening(port: int) -> None:
    async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
