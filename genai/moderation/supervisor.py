"""Keeps a chain loaded, and loads it again after it has hung, died or kept failing."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from genai.moderation.errors import ModerationUnavailable, StageFailed
from genai.moderation.policy import Item
from genai.moderation.settings import ModerationSettings
from genai.moderation.verdict import Verdict
from genai.moderation.workers import Worker, WorkerGone

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
