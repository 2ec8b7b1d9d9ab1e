"""Jobs in the background: what must be fast, and may be lost."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("riff.slack")

_MOST = 500


class BackgroundTasks:
    """Runs jobs in the background; one more than there is room for is dropped, with a line in the log."""

    def __init__(self, seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, job: Coroutine[Any, Any, object]) -> None:
        """Run the job; its failure is logged."""
        if len(self._tasks) >= _MOST:
            job.close()
            log.warning("too much to do in the background; a job is dropped")
            return
        task = asyncio.create_task(self._run(job), name="slack-job")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what runs."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, job: Coroutine[Any, Any, object]) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await job
        except Exception as error:
            log.warning("a job in the background failed: %s: %s", type(error).__name__, error)
