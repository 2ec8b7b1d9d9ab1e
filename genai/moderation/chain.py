"""The chain of stages that every text goes through, and the thread that keeps it loaded.

One batch at a time, off the event loop; it is loaded again after it has hung or kept failing.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import SimpleQueue
from typing import Any, TypeVar

from genai.moderation import blocklist, toxicity
from genai.moderation.blocklist import ScopeTerms
from genai.moderation.errors import ModerationError, ModerationUnavailable, StageFailed
from genai.moderation.personal_data import redaction as privacy
from genai.moderation.policy import Item, Stage
from genai.moderation.prompt_leak import Confidential
from genai.moderation.settings import ModerationSettings
from genai.moderation.topics import detection as topics
from genai.moderation.verdict import StageVerdict, Verdict, combine


class Chain:
    """The stages in order; each sees the text as it was written."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self.version = "; ".join(f"{stage.name}: {stage.version}" for stage in stages)

    def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item; raises where any stage cannot decide."""
        readable = [replace(item, text=whole(item.text)) for item in items]
        columns = [_judged(stage, readable) for stage in self._stages]
        rows = zip(*columns, strict=True)
        return [_combined(item, verdicts) for item, verdicts in zip(readable, rows, strict=True)]


def _judged(stage: Stage, items: Sequence[Item]) -> Sequence[StageVerdict]:
    """The stage's verdicts; raises StageFailed, which names it, where there is not one for each item."""
    try:
        verdicts = stage.judge(items)
    except Exception as error:
        # the kind only: what a library says may quote the text that it could not read
        raise StageFailed(f"stage {stage.name} failed: {type(error).__name__}") from error
    if len(verdicts) != len(items):
        raise StageFailed(f"stage {stage.name} answered {len(verdicts)} of {len(items)} texts")
    return verdicts


def _combined(item: Item, verdicts: Sequence[StageVerdict]) -> Verdict:
    policy = item.policy
    return combine(item.text, tuple(policy.applied(one) if policy else one for one in verdicts))


def whole(text: str) -> str:
    """`text` with lone surrogates, which no tokenizer takes, shown as `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(settings: ModerationSettings) -> Chain:
    """The chain of `settings`, its weights in memory; blocks for seconds."""
    return Chain(
        [
            blocklist.load(settings),
            ScopeTerms(),
            topics.load(settings),
            Confidential(),
            toxicity.load(settings),
            privacy.load(settings),
        ]
    )


# Keeps a chain loaded, in a thread of our own, and loads it again after it has hung or kept failing.


Result = TypeVar("Result")


class Worker:
    """Runs calls in turn on a daemon thread, so that one that never returns cannot keep the process alive."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs, after `close` too until its last call has returned."""
        return self._thread.is_alive()

    async def run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """The result of `call(*arguments)`; cancelling stops the waiting, not the call."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._calls.put(lambda: _settle(loop, future, call, arguments))
        return await future

    def close(self) -> None:
        """Let the thread end after the calls that it has."""
        self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _settle(
    loop: asyncio.AbstractEventLoop,
    future: asyncio.Future[Any],
    call: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    if future.cancelled():
        return
    try:
        result = call(*arguments)
    except Exception as error:
        _tell(loop, _fail, future, error)
    except BaseException as error:  # a library that calls sys.exit must not end the event loop
        _tell(loop, _fail, future, RuntimeError(f"the call ended with {type(error).__name__}"))
    else:
        _tell(loop, _succeed, future, result)


def _tell(loop: asyncio.AbstractEventLoop, outcome: Callable[..., None], *arguments: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has closed, so nobody waits any more
        loop.call_soon_threadsafe(outcome, *arguments)


def _succeed(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


log = logging.getLogger(__name__)

FAILURES_BEFORE_RELOAD = 3
STUCK_WORKERS = 3
"""Threads that may hang in a classifier at once before no further one is started."""


class ChainKeeper:
    """A chain and the thread that it runs on. Not for concurrent use: its caller asks one thing at a time."""

    def __init__(
        self, settings: ModerationSettings, load_chain: Callable[[ModerationSettings], Chain]
    ) -> None:
        self._settings = settings
        self._load_chain = load_chain
        self._chain: Chain | None = None
        self._worker: Worker | None = None
        self._stuck: list[Worker] = []
        self._failures = 0
        self._retry_at = 0.0

    async def load(self) -> Chain:
        """Load the chain; raises ModerationUnavailable, which leaves the next attempt to a later call."""
        self._retry_at = time.monotonic() + self._settings.retry_seconds
        try:
            async with asyncio.timeout(self._settings.start_timeout_seconds):
                self._chain = await self._free_worker().run(self._load_chain, self._settings)
        except TimeoutError as error:
            self._abandon()
            raise ModerationUnavailable("moderation took too long to load") from error
        except ModerationError:
            raise
        except Exception as error:
            raise ModerationUnavailable(f"moderation could not load: {error}") from error
        self._failures = 0
        return self._chain

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item; raises ModerationUnavailable, never a half answer."""
        chain = self._chain or await self._reload()
        try:
            async with asyncio.timeout(self._settings.deadline_seconds):
                verdicts = await self._free_worker().run(chain.judge, items)
        except TimeoutError as error:
            self._abandon()
            raise ModerationUnavailable("a classifier did not answer in time") from error
        except Exception as error:
            self._count_failure()
            log.error("moderation could not judge: %s", reason(error))
            raise ModerationUnavailable(f"moderation failed: {reason(error)}") from error
        self._failures = 0
        return verdicts

    def close(self) -> None:
        """Let the thread end; the chain is forgotten."""
        self._chain = None
        if self._worker:
            self._worker.close()
            self._worker = None

    async def _reload(self) -> Chain:
        if time.monotonic() < self._retry_at:
            raise ModerationUnavailable("moderation is down and will be loaded again shortly")
        log.warning("loading moderation again")
        return await self.load()

    def _free_worker(self) -> Worker:
        if self._worker is None:
            self._stuck = [worker for worker in self._stuck if worker.is_alive]
            if len(self._stuck) >= STUCK_WORKERS:
                raise ModerationUnavailable("too many classifiers hang")
            self._worker = Worker("moderation")
        return self._worker

    def _abandon(self) -> None:
        """Leave the hanging call to its thread, which cannot be stopped; go on with another one."""
        log.error("a classifier hangs; moderation will be loaded again")
        if self._worker:
            self._stuck.append(self._worker)
        self.close()
        self._retry_at = time.monotonic() + self._settings.retry_seconds

    def _count_failure(self) -> None:
        """One text that cannot be judged is its own trouble; several in a row are the chain's."""
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_RELOAD:
            log.error("classifiers keep failing; moderation will be loaded again")
            self._chain = None
            self._retry_at = time.monotonic() + self._settings.retry_seconds


def reason(error: Exception) -> str:
    """Why moderation failed, for the log: a stage's own message, and of other errors the kind only.

    An exception of a library may quote the text that it could not read.
    """
    return str(error) if isinstance(error, StageFailed) else type(error).__name__
