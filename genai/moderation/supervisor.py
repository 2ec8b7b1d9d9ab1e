"""Where a chain runs, and who keeps it loaded: loaded again after it has hung, died or kept failing."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, ClassVar, Protocol, TypeVar

from genai.moderation.chain import Chain
from genai.moderation.errors import ModerationError, ModerationUnavailable, StageFailed
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings
from genai.moderation.verdict import Verdict

LoadChain = Callable[[ModerationSettings], Chain]

STUCK_THREADS = 3
"""Threads that may hang in a classifier at once before no further one is started."""

Result = TypeVar("Result")


class Worker(Protocol):
    """Runs one chain, off the event loop; asked one thing at a time."""

    async def load(self, settings: ModerationSettings) -> str:
        """Load the chain; its version. Raises ModerationError."""

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item. Raises StageFailed, or WorkerGone."""

    async def close(self) -> None:
        """End the worker, also in the midst of a call."""


class WorkerGone(Exception):
    """The worker ended by itself: it was killed, ran out of memory, or a library ended it."""


def loaded(load_chain: LoadChain, settings: ModerationSettings) -> Chain:
    """The chain; raises ModerationError, whatever a library raises."""
    try:
        return load_chain(settings)
    except ModerationError:
        raise
    except Exception as error:
        raise ModerationUnavailable(f"moderation could not load: {error}") from error


def judged(chain: Chain, items: Sequence[Item]) -> list[Verdict]:
    """The verdicts; raises StageFailed, whose message holds nothing of the texts.

    An exception of a library may quote the text that it could not read, so that only its kind is named.
    """
    try:
        return chain.judge(items)
    except StageFailed:
        raise
    except Exception as error:
        raise StageFailed(type(error).__name__) from error


class ThreadWorker:
    """A thread of this process, with the same interpreter lock: a call that hangs cannot be stopped, only left."""

    _left: ClassVar[list[threading.Thread]] = []

    def __init__(self, load_chain: LoadChain) -> None:
        type(self)._left = [thread for thread in self._left if thread.is_alive()]
        if len(self._left) >= STUCK_THREADS:
            raise ModerationUnavailable("too many classifiers hang")
        self._load_chain = load_chain
        self._chain: Chain | None = None
        self._is_busy = False
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="moderation", daemon=True)
        self._thread.start()

    async def load(self, settings: ModerationSettings) -> str:
        self._chain = await self._run(loaded, self._load_chain, settings)
        return self._chain.version

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        if self._chain is None:
            raise WorkerGone("nothing is loaded")
        return await self._run(judged, self._chain, items)

    async def close(self) -> None:
        if self._is_busy:
            self._left.append(self._thread)
        self._calls.put(None)

    async def _run(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """The result of the call; cancelling stops the waiting, not the call."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._is_busy = True
        self._calls.put(lambda: _settle(loop, future, call, arguments))
        result = await future
        self._is_busy = False
        return result

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
        _tell(loop, _fail, future, StageFailed(f"the call ended with {type(error).__name__}"))
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


class ChainKeeper:
    """A chain and the worker that runs it. Not for concurrent use: its caller asks one thing at a time."""

    def __init__(self, settings: ModerationSettings, make_worker: Callable[[], Worker]) -> None:
        self._settings = settings
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self._failures = 0
        self._retry_at = 0.0
        self.version = ""
        """The version of every stage, or an empty text while nothing is loaded."""

    @property
    def is_loaded(self) -> bool:
        """Whether there is a chain to judge with."""
        return self._worker is not None

    async def load(self) -> Worker:
        """Load the chain; raises ModerationUnavailable, which leaves the next attempt to a later call."""
        self._retry_at = time.monotonic() + self._settings.retry_seconds
        worker = self._make_worker()
        try:
            async with asyncio.timeout(self._settings.start_timeout_seconds):
                self.version = await worker.load(self._settings)
        except TimeoutError as error:
            await worker.close()
            raise ModerationUnavailable("moderation took too long to load") from error
        except WorkerGone as error:
            await worker.close()
            raise ModerationUnavailable(f"moderation could not load: {error}") from error
        except BaseException:
            await worker.close()
            raise
        self._failures, self._worker = 0, worker
        return worker

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """A verdict for each item; raises ModerationUnavailable, never a half answer."""
        worker = self._worker or await self._reload()
        try:
            async with asyncio.timeout(self._settings.deadline_seconds):
                verdicts = await worker.judge(items)
        except TimeoutError as error:
            await self._abandon("a classifier hangs")
            raise ModerationUnavailable("a classifier did not answer in time") from error
        except WorkerGone as error:
            await self._abandon(str(error))
            raise ModerationUnavailable(f"moderation failed: {error}") from error
        except StageFailed as error:
            await self._count_failure(error)
            raise ModerationUnavailable(f"moderation failed: {error}") from error
        self._failures = 0
        return verdicts

    async def close(self) -> None:
        """End the worker; the chain is forgotten."""
        worker, self._worker, self.version = self._worker, None, ""
        if worker is not None:
            await worker.close()

    async def _reload(self) -> Worker:
        if time.monotonic() < self._retry_at:
            raise ModerationUnavailable("moderation is down and will be loaded again shortly")
        log.warning("loading moderation again")
        return await self.load()

    async def _abandon(self, why: str) -> None:
        log.error("%s; moderation will be loaded again", why)
        await self.close()
        self._retry_at = time.monotonic() + self._settings.retry_seconds

    async def _count_failure(self, error: StageFailed) -> None:
        """One text that cannot be judged is its own trouble; several in a row are the chain's."""
        log.error("moderation could not judge: %s", error)
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_RELOAD:
            await self._abandon("classifiers keep failing")
