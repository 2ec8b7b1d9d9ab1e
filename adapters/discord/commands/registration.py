"""Registers the commands with Discord, only when they changed since the last time."""

import hashlib
import json
import logging
from typing import Any, Protocol

from adapters.discord.gateway.api import Api, Json
from adapters.discord.incoming.event import PLATFORM

log = logging.getLogger("riff.discord")


class Notes(Protocol):
    """Where the hash of what was registered is noted."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


async def register(api: Api, notes: Notes, app: str, guild: str, commands: list[Json]) -> bool:
    """Register everywhere, or in the server `guild`; False where all is registered already.

    Raises discord.HTTPException, aiohttp.ClientError, OSError or StorageError.
    """
    name = f"commands:{app}:{guild or 'everywhere'}"
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    if await notes.get(PLATFORM, name) == digest:
        return False
    await api.put_commands(app, guild, commands)
    await notes.put(PLATFORM, name, digest)
    log.info("%d commands registered %s", len(commands), f"in server {guild}" if guild else "everywhere")
    return True
