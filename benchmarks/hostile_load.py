"""How fast others are acknowledged while people try to make Riff wait: longest messages, made to be slow to judge.

`python -m benchmarks.hostile_load [--hostile N] [--seconds N] [--json]`: N people each keep one such message in
flight, while others write an ordinary one every tenth of a second. Riff runs in a process of its own with its
default settings and its whole moderation, and a generator that answers at once, against the tests' local Slack in
this process, on SQLite. Everything stays on this machine, and ends after the seconds given.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.chat_figures import percentile, table
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SlackServer

CONNECTIONS, OTHERS = 4, 20
_LONGEST = 7900
SLOW = (
    "㏂ " * 1300,
    ("1-" * 950 + " ") * 4,
    ("1." * 950 + " ") * 4,
    "CA 90210 " * 870,
    "1 a CA 90210 " * 600,
    "+1 2 3 4 " * 870,
    "black " * 1300,
    "fuck you " * 870,
    "Ⅷ " * 1500,
    "a@b.c " * 1300,
)
"""Parts that cost a judge most for their length; each message is another one."""


@dataclass(frozen=True, slots=True)
class HostileFigures:
    """One row; times in milliseconds, of those who wrote ordinary messages."""

    hostile_in_flight: int
    others: int
    ack_p50_ms: float
    ack_p99_ms: float
    ack_most_ms: float
    answered: int
    first_text_p50_ms: float
    first_text_p99_ms: float
    hostile_done: int


class Room:
    """The local Slack, and who waits for an answer in which thread."""

    def __init__(self, slack: SlackServer) -> None:
        self._slack = slack
        self._waiting: dict[str, asyncio.Future[float]] = {}
        slack.api.after = self._note

    async def _note(self, _method: str, arguments: dict[str, Any]) -> None:
        waiting = self._waiting.get(str(arguments.get("thread_ts", "")))
        if waiting and not waiting.done():
            waiting.set_result(time.monotonic())

    async def ask(self, channel: str, user: str, text: str, patience: float) -> tuple[float, float | None]:
        """Seconds to the acknowledgement, and to the first that is said in the thread."""
        said = self._slack.say(channel, f"<@{BOT}> {text}", user=user)
        answered = self._waiting[said["ts"]] = asyncio.get_running_loop().create_future()
        started = time.monotonic()
        await self._slack.deliver_event(said)
        acknowledged = time.monotonic() - started
        try:
            return acknowledged, await asyncio.wait_for(answered, patience) - started
        except TimeoutError:
            return acknowledged, None


async def measure(hostile: int, seconds: float) -> HostileFigures:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as folder:
        async with SlackServer() as slack:
            slack.sockets.retry_seconds = 30
            settings = {
                "storage": {"url": f"sqlite:///{Path(folder) / 'riff.db'}"},
                "slack": {
                    "api_url": slack.url, "message_seconds": 0.0, "bot_token": BOT_TOKEN,
                    "app_token": APP_TOKEN, "connections": CONNECTIONS,
                },
            }  # fmt: skip
            with RiffProcess("slack", settings, light=False):
                await slack.sockets.connected(CONNECTIONS)
                return await _measured(Room(slack), hostile, seconds)


async def _measured(room: Room, hostile: int, seconds: float) -> HostileFigures:
    await asyncio.gather(*(room.ask("C0", f"W{number}", f"prompt {number}", 120) for number in range(5)))
    ended = asyncio.Event()
    attacks = [asyncio.create_task(_attack(room, number, ended)) for number in range(hostile)]
    await asyncio.sleep(2)
    took = await _others(room, seconds)
    ended.set()
    done = 0
    for attack in attacks:
        attack.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            done += await attack
    acks, first = [ack for ack, _ in took], [text for _, text in took if text is not None]
    return HostileFigures(
        hostile, len(took), percentile(acks, 0.5), percentile(acks, 0.99), round(max(acks) * 1000, 1),
        len(first), percentile(first or [0.0], 0.5), percentile(first or [0.0], 0.99), done,
    )  # fmt: skip


async def _attack(room: Room, number: int, ended: asyncio.Event) -> int:
    """One person who sends the next hostile message as soon as the last one is answered; how many were."""
    done = 0
    with contextlib.suppress(asyncio.CancelledError):
        while not ended.is_set():
            text = f"{number} {done} {SLOW[(number + done) % len(SLOW)]}"[:_LONGEST]
            await room.ask(f"C{1 + number % 5}", f"H{number}", text, 30)
            done += 1
    return done


async def _others(room: Room, seconds: float) -> list[tuple[float, float | None]]:
    """An ordinary message every tenth of a second."""
    asking: list[Awaitable[tuple[float, float | None]]] = []
    for number in range(int(seconds * 10)):
        user = f"U{number % OTHERS}{number // 200}"
        asking.append(asyncio.create_task(room.ask(f"C{10 + number % 20}", user, f"prompt {number}", 60)))
        await asyncio.sleep(0.1)
    return list(await asyncio.gather(*asking))


def main(run: Callable[[int, float], Awaitable[HostileFigures]] = measure) -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hostile", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()

    async def work() -> HostileFigures:
        return await run(given.hostile, given.seconds)

    figures = asyncio.run(work())
    if given.json:
        json.dump(asdict(figures), sys.stdout, indent=2)
    else:
        print(table([figures]))


if __name__ == "__main__":
    main()
