"""Where a chain runs: what a worker is, and the one that is a thread of this process."""

import asyncio
import contextlib
import threading
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
