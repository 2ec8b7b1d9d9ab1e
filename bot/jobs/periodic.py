"""Work that is done again and again for as long as Riff runs, such as erasing what the audit kept for long enough."""

import asyncio
import contextlib
from abc import ABC, abstractmethod


class Periodic(ABC):
    """Does `once` at start and then every `every_seconds`; what `once` raises ends it, so it raises nothing."""

    def __init__(self, every_seconds: float, name: str) -> None:
        self._every_seconds = every_seconds
        self._name = name
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first time is under way when this returns."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """End the task; safe to call twice."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    @abstractmethod
    async def once(self) -> None:
        """Do the work one time."""

    async def _run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(self._every_seconds)
