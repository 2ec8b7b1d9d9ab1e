"""Brainstorming channels: text and forum channels every post of which Riff answers, as an admin said."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from adapters.discord.incoming.event import PLATFORM

log = logging.getLogger("riff.discord")

_PREFIX = "brainstorming:"
_REFRESH_SECONDS = 30.0


class Notes(Protocol):
    """Where the marks are kept."""

    async def named(self, platform: str, start: str) -> Mapping[str, Any]: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...
    async def remove(self, platform: str, name: str) -> None: ...


class AutoReplyChannels:
    """The marked channels; other processes mark too, so that they are read again now and then."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._guilds: dict[str, str] = {}

    def __contains__(self, channel: str) -> bool:
        return channel in self._guilds

    def __iter__(self) -> Iterator[str]:
        return iter(self._guilds)

    @property
    def guilds(self) -> frozenset[str]:
        """The servers that have marked channels."""
        return frozenset(self._guilds.values())

    def of(self, guild: str) -> list[str]:
        """The marked channels of a server."""
        return [channel for channel, where in self._guilds.items() if where == guild]

    async def load(self) -> None:
        """Read the marks."""
        found = await self._notes.named(PLATFORM, _PREFIX)
        self._guilds = {name.removeprefix(_PREFIX): str(guild) for name, guild in found.items()}

    async def set(self, guild: str, channel: str, *, on: bool) -> None:
        """Mark a channel, or take the mark away."""
        if on:
            await self._notes.put(PLATFORM, f"{_PREFIX}{channel}", guild)
        else:
            await self._notes.remove(PLATFORM, f"{_PREFIX}{channel}")
        await self.load()

    async def run(self) -> None:
        """Read the marks again now and then, until cancelled."""
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            try:
                await self.load()
            except Exception as error:  # the database may be away for a while
                log.warning("the brainstorming channels cannot be read: %s", error)
