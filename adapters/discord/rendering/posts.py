"""Posts that are no answer in a channel: those in forums, as of what came of a brainstorm, and what Riff says itself.

https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

import discord

from adapters.discord.gateway.api import Api, Json, Upload
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.rendering.markdown import readable, split
from adapters.discord.rendering.sending import ChannelTarget, plain
from bot.core.domain import Document, Place

_TITLE = 100
_MOST_MESSAGES = 5


class Forum:
    """Publishes in the forum that an event's thread belongs to; `is_forum` tells forums by their ids."""

    def __init__(self, api: Api, own_id: str, is_forum: Callable[[str], bool]) -> None:
        self._api = api
        self._own_id = own_id
        self._is_forum = is_forum

    async def publish(self, event: Event, document: Document, *, since: datetime) -> str:
        """A mention of the post, made now or by an attempt `since` then; "" where the channel is no forum.

        Raises what UNDELIVERED names.
        """
        if not event.guild or not self._is_forum(event.place_channel):
            return ""
        name = " ".join((document.title or document.name).split())[:_TITLE]
        post = await self._made_before(event, name, since) or await self._made(
            event.place_channel, name, document
        )
        return f"<#{post}>"

    async def _made(self, forum: str, name: str, document: Document) -> str:
        parts = split(readable(document.content.decode("utf-8", "replace")))
        shown = parts[:_MOST_MESSAGES]
        file = Upload(document.name, document.content)
        post = await self._api.open_post(forum, name, plain(shown[0] if shown else name), [file])
        for part in shown[1:]:
            await self._api.post(post, plain(part))
        return post

    async def _made_before(self, event: Event, name: str, since: datetime) -> str:
        """The post of that name that Riff opened since then, for posts have no nonces."""
        least = discord.utils.time_snowflake(since)
        for thread in await self._api.active_threads(event.guild):
            if _is_like(thread, event.place_channel, self._own_id, name) and int(thread["id"]) > least:
                return str(thread["id"])
        return ""


def _is_like(thread: Json, forum: str, owner: str, name: str) -> bool:
    return (thread["parent_id"], thread["owner_id"], thread["name"]) == (forum, owner, name)


def is_forum(client: discord.Client, channel: str) -> bool:
    """Whether a channel takes posts instead of messages."""
    return isinstance(client.get_channel(int(channel)), discord.ForumChannel)


# Where what Riff does by itself is posted: a channel or thread, without a message that is answered.


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
