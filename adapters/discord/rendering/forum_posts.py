"""Posts of Riff's own in forum channels, such as what a brainstorm came to.

https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
"""

from collections.abc import Callable
from datetime import datetime

import discord

from adapters.discord.gateway.api import Api, Json, Upload
from adapters.discord.incoming.event import Event
from adapters.discord.rendering.markdown import readable, split
from adapters.discord.rendering.sending import plain
from bot.core.domain import Document

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
