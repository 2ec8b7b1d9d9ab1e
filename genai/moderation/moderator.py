"""The moderator: takes texts from anywhere in the event loop, judges them in batches, and fails closed."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from opentelemetry import trace

from genai.moderation import chain
from genai.moderation.errors import ModerationUnavailable
from genai.moderation.moderation_meters import FAILURES, JUDGED, TEXTS, WAITED
from genai.moderation.policy import Item, Policy
from genai.moderation.process import ProcessWorker
from genai.moderation.settings import ModerationSettings
from genai.moderation.supervisor import ChainKeeper, LoadChain, ThreadWorker
from genai.moderation.verdict import Passed, Verdict, pass_text

NOBODY: frozenset[str] = frozenset()
_TRACER = trace.get_tracer("riff.moderation")

_BATCH_CHARACTERS = 8192
"""A batch with so much text takes no more: what comes meanwhile need not wait for all of it."""
_CHARACTERS_A_SECOND = 4000
"""A text waits as if it had come a second later for each so many characters, so that short ones go first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """Items that one caller waits for together."""

    items: tuple[Item, ...]
    verdicts: asyncio.Future[list[Verdict]]

    @property
    def characters(self) -> int:
        return sum(len(item.text) for item in self.items)


class Moderator:
    """Judges texts. While one batch is judged the next one gathers, so that a busy hour costs few batches.

    In a process of its own, by default; in a thread of this one where `load_chain` gives another chain.
    """

    def __init__(self, settings: ModerationSettings, load_chain: LoadChain | None = None) -> None:
        self.settings = settings
        is_apart = load_chain is None and settings.isolation == "process"
        self._keeper = ChainKeeper(
            settings, ProcessWorker if is_apart else partial(ThreadWorker, load_chain or chain.load)
        )
        self._jobs: asyncio.PriorityQueue[tuple[float, int, _Job]] = asyncio.PriorityQueue(
            settings.queue_size
        )
        self._numbers = itertools.count()
        self._server: asyncio.Task[None] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether texts can be judged now."""
        return self._keeper.is_loaded

    async def start(self) -> None:
        """Load everything off the event loop; raises ModerationUnavailable when anything cannot load."""
        await self._keeper.load()
        self._server = asyncio.create_task(self._serve(), name="moderation")

    async def close(self) -> None:
        """Stop; whoever still waits gets ModerationUnavailable."""
        if self._server:
            self._server.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._server
            self._server = None
        while not self._jobs.empty():
            _fail(self._jobs.get_nowait()[2], ModerationUnavailable("moderation has closed"))
        await self._keeper.close()

    async def check(
        self,
        text: str,
        *,
        allowed_personal: frozenset[str] = NOBODY,
        policy: Policy | None = None,
        confidential: tuple[str, ...] = (),
    ) -> Verdict:
        """The verdict on `text` under the rules of an `Item`.

        Raises ModerationUnavailable when there is none within `deadline_seconds`.
        """
        (verdict,) = await self.judge([Item(text, allowed_personal, policy, confidential)])
        return verdict

    async def check_many(self, texts: Iterable[str], *, policy: Policy | None = None) -> list[Verdict]:
        """The verdicts on `texts`, in order. Raises ModerationUnavailable."""
        return await self.judge([Item(text, policy=policy) for text in texts])

    async def judge(self, items: Sequence[Item]) -> list[Verdict]:
        """The verdict on each item, in order; lets other callers in between. Raises ModerationUnavailable."""
        verdicts: list[Verdict] = []
        for start in range(0, len(items), self.settings.batch_size):
            verdicts += await self._submit(tuple(items[start : start + self.settings.batch_size]))
        return verdicts

    async def passed(
        self, text: str, *, allowed_personal: frozenset[str] = NOBODY, policy: Policy | None = None
    ) -> tuple[Passed | None, Verdict]:
        """What of a whole text may be shown, None when it is blocked, and the verdict.

        Raises ModerationUnavailable.
        """
        verdict = await self.check(text, allowed_personal=allowed_personal, policy=policy)
        return (None if verdict.blocked else pass_text(verdict.redacted_text, verdict)), verdict

    async def _submit(self, items: tuple[Item, ...]) -> list[Verdict]:
        if self._server is None:
            raise ModerationUnavailable("moderation has not started")
        job = _Job(items, asyncio.get_running_loop().create_future())
        with (
            _TRACER.start_as_current_span(
                "moderate",
                attributes={"texts": len(items)},
                record_exception=False,
                set_status_on_exception=False,
            ),
            WAITED.time(),
        ):
            try:
                async with asyncio.timeout(self.settings.deadline_seconds):
                    await self._jobs.put(self._queued(job))
                    return await job.verdicts
            except TimeoutError as error:
                FAILURES.inc(len(items))
                raise ModerationUnavailable("moderation had no verdict in time") from error

    def _queued(self, job: _Job) -> tuple[float, int, _Job]:
        """The job with its place in the queue."""
        later = job.characters / _CHARACTERS_A_SECOND
        return time.monotonic() + later, next(self._numbers), job

    async def _serve(self) -> None:
        while True:
            jobs = [(await self._jobs.get())[2]]
            while not self._jobs.empty() and self._has_room(jobs):
                jobs.append(self._jobs.get_nowait()[2])
            try:
                await self._judge([job for job in jobs if not job.verdicts.done()])
            finally:
                for job in jobs:
                    _fail(job, ModerationUnavailable("moderation has closed"))

    def _has_room(self, jobs: Sequence[_Job]) -> bool:
        return (
            sum(len(job.items) for job in jobs) < self.settings.batch_size
            and sum(job.characters for job in jobs) < _BATCH_CHARACTERS
        )

    async def _judge(self, jobs: Sequence[_Job]) -> None:
        """Judge `jobs` together; where that fails each alone, so that one bad text spoils only its own."""
        if not jobs:
            return
        try:
            items = [item for job in jobs for item in job.items]
            with JUDGED.time():
                verdicts = iter(await self._keeper.judge(items))
            TEXTS.inc(len(items))
        except ModerationUnavailable as error:
            if len(jobs) == 1:
                FAILURES.inc(len(jobs[0].items))
                _fail(jobs[0], error)
                return
            for job in jobs:
                await self._judge([job])
        else:
            for job in jobs:
                _answer(job, [next(verdicts) for _ in job.items])


def _answer(job: _Job, verdicts: list[Verdict]) -> None:
    if not job.verdicts.done():
        job.verdicts.set_result(verdicts)


def _fail(job: _Job, error: ModerationUnavailable) -> None:
    if not job.verdicts.done():
        job.verdicts.set_exception(error)
