"""Whether Riff could answer now: each part says so itself, and `/readyz` asks them all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

_SECONDS = 5.0

Ask = Callable[[], Awaitable[str]]
"""What is wrong, or "" where all is well; names no person, no workspace and no secret."""


class Readiness:
    """The parts that run, by name."""

    def __init__(self) -> None:
        self._parts: dict[str, Ask] = {}
        self.is_ending = False

    @contextmanager
    def of(self, name: str, ask: Ask) -> Iterator[None]:
        """While held, the part is asked."""
        self._parts[name] = ask
        try:
            yield
        finally:
            self._parts.pop(name, None)

    def end(self) -> None:
        """From now on Riff ends what is under way, and takes on nothing new."""
        self.is_ending = True

    async def faults(self) -> dict[str, str]:
        """What is wrong, by part; one that does not say in time is not well."""
        if self.is_ending:
            return {"riff": "ending"}
        parts = dict(self._parts)
        told = await asyncio.gather(*map(_told, parts.values()))
        return {name: fault for name, fault in zip(parts, told, strict=True) if fault}


async def _told(ask: Ask) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            return await ask()
    except Exception as error:  # whoever watches wants to know that, whatever it is
        return type(error).__name__
