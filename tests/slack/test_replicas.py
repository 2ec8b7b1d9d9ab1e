"""Three Riffs over one PostgreSQL and two model servers: each of the five is killed in turn while people ask."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count

import pytest

from tests.slack.conftest import FAST_INBOX, FAST_SLACK
from tests.support.model_server_process import ModelServerProcess
from tests.support.riff_process import RiffProcess
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SlackServer

REPLICAS, CHANNELS = 3, 6
OPEN = 2
"""So many prompts of a thread wait before the next one is asked: as much as the machine can take, and no more."""
BROKEN_OFF = "broke off"


@pytest.fixture
def models() -> Iterator[list[ModelServerProcess]]:
    with ExitStack() as stack:
        yield [stack.enter_context(ModelServerProcess(0.15)) for _ in range(2)]


@pytest.fixture
async def replicas(
    slack: SlackServer, models: list[ModelServerProcess], postgres_url: str
) -> AsyncIterator[list[RiffProcess]]:
    settings = {
        "storage": {"url": postgres_url},
        "slack": {"api_url": slack.url, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, **FAST_SLACK},
        "inbox": {**FAST_INBOX, "lease_seconds": 2.0, "max_attempts": 50},
        "generator": {"backend": "openai", "model": "m", "base_url": [one.url for one in models]},
    }
    slack.sockets.retry_seconds = 1.5
    with ExitStack() as stack:
        started = [stack.enter_context(RiffProcess("slack", settings))]
        await slack.sockets.connected(1)  # the first one makes the tables
        started += [stack.enter_context(RiffProcess("slack", settings)) for _ in range(REPLICAS - 1)]
        await slack.sockets.connected(REPLICAS)
        yield started


class People:
    """They ask in threads, one thing after the other, until they are to stop."""

    def __init__(self, slack: SlackServer) -> None:
        self._slack = slack
        self._numbers = count()
        self._enough = asyncio.Event()
        self.prompts: dict[str, str] = {}

    async def ask(self) -> None:
        async with asyncio.TaskGroup() as group:
            for channel in range(CHANNELS):
                group.create_task(self._ask_in(f"C{channel}"))

    def stop(self) -> None:
        self._enough.set()

    async def _ask_in(self, channel: str) -> None:
        root = ""
        while not self._enough.is_set():
            prompt = f"prompt {next(self._numbers)}"
            said = self._slack.say(channel, f"<@{BOT}> {prompt}", user=f"U{channel}", thread=root)
            root = root or said["ts"]
            self.prompts[prompt] = root
            await self._slack.sockets.deliver("events_api", self._slack.callback(said), attempts=60)
            await self._slack.settled(partial(self._has_room, root), 60)

    def _has_room(self, thread: str) -> bool:
        mine = [prompt for prompt, its in self.prompts.items() if its == thread]
        return sum(not self.answered(prompt) for prompt in mine) <= OPEN

    def answered(self, prompt: str) -> list[str]:
        """The threads in which an answer to the prompt stands."""
        return [
            one.thread_ts for one in self._slack.workspace.by_riff() if f"Answer to {prompt}." in one.shown
        ]

    def told(self, thread: str) -> list[str]:
        """What Riff says in the thread, in order."""
        return [one.shown for one in self._slack.workspace.by_riff() if one.thread_ts == thread]

    def is_ended(self, thread: str) -> bool:
        """Whether each answer stands to its end, or Riff says that the model broke off."""
        told = self.told(thread)
        cut = sum("Answer to" in text and "The end of" not in text for text in told)
        return cut <= sum(BROKEN_OFF in text for text in told)


async def restarted(slack: SlackServer, process: RiffProcess | ModelServerProcess) -> None:
    await asyncio.to_thread(process.kill)
    await asyncio.sleep(1.0)
    await asyncio.to_thread(process.start)
    await slack.sockets.connected(REPLICAS)
    await asyncio.sleep(0.5)


async def test_whichever_dies_each_prompt_is_answered_once_and_in_order(
    slack: SlackServer, models: list[ModelServerProcess], replicas: list[RiffProcess]
) -> None:
    people = People(slack)
    asking = asyncio.create_task(people.ask())
    for process in (replicas[0], models[0], replicas[1], models[1], replicas[2]):
        await restarted(slack, process)
    people.stop()
    await asking
    threads = set(people.prompts.values())
    await slack.settled(lambda: all(map(people.answered, people.prompts)), 60)
    await slack.settled(lambda: all(map(people.is_ended, threads)), 30)
    assert slack.sockets.opened == 2 * REPLICAS
    for prompt, thread in people.prompts.items():
        assert people.answered(prompt) == [thread], prompt
    broken = 0
    for thread in threads:
        told = people.told(thread)
        assert all(text.count("Answer to") <= 1 for text in told)
        order = [prompt for text in told for prompt in people.prompts if f"Answer to {prompt}." in text]
        assert order == [prompt for prompt in people.prompts if people.prompts[prompt] == thread]
        broken += sum(BROKEN_OFF in text for text in told)
    assert broken <= CHANNELS * len(models)  # no more than were being written on a server that died
