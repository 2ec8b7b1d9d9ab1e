"""Where what Riff does by itself is posted: a channel or thread, without a message that is answered."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Protocol

import discord

from adapters.discord.gateway.api import Api, Json, Upload
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.rendering.sending import ChannelTarget
from bot.core.domain import Place


class Notes(Protocol):
    """Where posts are noted: the core's platform state."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...
    async def remove(self, platform: str, name: str) -> None: ...


class ScheduledJobTarget(ChannelTarget):
    """Posts what Riff does by itself. No message leads to these posts, so they are noted, by their event."""

    def __init__(self, api: Api, own_id: str, channel: str, event_id: str, notes: Notes) -> None:
        super().__init__(api, own_id, channel, event_id)
        self._nonce = sha256(event_id.encode()).hexdigest()[:16]
        self._notes = notes
        self._noted: list[str] = []

    @property
    def _name(self) -> str:
        return f"errand:{self._event_id}"

    async def earlier(self) -> list[Json]:
        """The posts that were noted and are still there."""
        self._noted = list(await self._notes.get(PLATFORM, self._name) or ())
        found = []
        for message in self._noted:
            with suppress(discord.NotFound):
                found.append(await self._api.message(self.key, message))
        return found

    async def send(self, part: int, payload: Json, files: Sequence[Upload] = ()) -> str:
        """Post one part and note it."""
        message = await super().send(part, payload, files)
        self._noted.append(message)
        await self._notes.put(PLATFORM, self._name, self._noted)
        return message

    async def done(self) -> None:
        """The errand is done: nobody will look for its posts again."""
        if self._noted:
            await self._notes.remove(PLATFORM, self._name)


def scheduled_job_event(event_id: str, place: Place) -> Event:
    """The errand as the channel's other parts take it: of nobody, at its place."""
    return Event(
        id=event_id,
        user="",
        guild=place.workspace,
        channel=place.thread or place.channel,
        place_channel=place.channel,
        thread=place.thread,
        text="",
        direct=place.direct,
    )
