"""Erases the texts that the audit kept, once they are as old as the settings allow."""

import asyncio
import contextlib
import logging

from storage.errors import StorageError
from storage.repositories.audit import Audit

log = logging.getLogger("riff.retention")

EVERY_SECONDS = 3600.0


class Purge:
    """A task that purges at start and every hour, as long as Riff runs."""

    def __init__(self, audit: Audit, every_seconds: float = EVERY_SECONDS) -> None:
        self._audit = audit
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first purge is under way when this returns."""
        self._task = asyncio.create_task(self._run(), name="purge")

    async def close(self) -> None:
        """End the task; safe to call twice."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def _run(self) -> None:
        while True:
            try:
                if purged := await self._audit.purge_texts():
                    log.info("erased %d kept texts", purged)
            except StorageError as error:
                log.warning("kept texts could not be erased and will be tried again: %s", error)
            await asyncio.sleep(self._every_seconds)
