"""Whether a person would be answered now: database, moderation, model and every platform's connection.

What is told are names of parts, nothing of people or what they said. The parts are asked at most once a second,
however often somebody asks here.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import Adapter, App

log = logging.getLogger("riff.health")

_FRESH_SECONDS = 1.0
_DEADLINE_SECONDS = 2.0

Probe = Callable[[], Awaitable[bool]]


class Readiness:
    """Asks the parts of a Riff that starts, serves, or ends."""

    def __init__(self, adapters: "Sequence[Adapter]") -> None:
        self._adapters = adapters
        self._starting: asyncio.Task[App] | None = None
        self._is_ending = False
        self._asking: asyncio.Task[tuple[str, ...]] | None = None
        self._asked_at = 0.0

    def start(self, starting: "asyncio.Task[App]") -> None:
        """Riff wakes up."""
        self._starting = starting

    def end(self) -> None:
        """From now on Riff is not ready: it lets work under way end, and takes none."""
        self._is_ending = True

    async def missing(self) -> tuple[str, ...]:
        """What is not there; nothing when a person would be answered now. Fresh to a second."""
        if self._is_ending:
            return ("ending",)
        if self._starting is None or not self._starting.done():
            return ("starting",)
        if self._starting.cancelled() or self._starting.exception():
            return ("start failed",)
        is_fresh = time.monotonic() - self._asked_at < _FRESH_SECONDS
        if self._asking is None or (self._asking.done() and not is_fresh):
            self._asked_at = time.monotonic()
            probes = self._probes(self._starting.result())
            self._asking = asyncio.create_task(_missing_of(probes), name="readiness")
        return await asyncio.shield(self._asking)  # others wait for the same answer

    def _probes(self, app: "App") -> Mapping[str, Probe]:
        async def database() -> bool:
            await app.database.check()
            return True

        async def moderation() -> bool:
            await app.moderator.check("ready?")  # brings one that failed back, where nobody says anything
            return True

        async def model() -> bool:
            return app.generator.is_ready

        platforms = {adapter.platform: adapter.is_connected for adapter in self._adapters}
        return {"database": database, "moderation": moderation, "model": model, **platforms}


async def _missing_of(probes: Mapping[str, Probe]) -> tuple[str, ...]:
    found = await asyncio.gather(*(_holds(name, probe) for name, probe in probes.items()))
    return tuple(name for name, holds in zip(probes, found, strict=True) if not holds)


async def _holds(name: str, probe: Probe) -> bool:
    """Whether a part says so in time; what it raises is not told outside, for it may quote anything."""
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            return await probe()
    except Exception as error:
        log.warning("%s is not ready: %s", name, type(error).__name__)
        return False
