"""What was said while no session heard it, read back over REST: in Riff's threads, marked channels, known channels.

Discord keeps a lost session for some minutes; a downtime longer than that is bridged by asking each channel for the
messages after the last one that was surely kept. What was heard before all the same is known by its id.
https://docs.discord.com/developers/resources/message#get-channel-messages
"""

import asyncio
import logging
from collections.abc import Sequence, Set
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import discord

from adapters.discord.gateway.api import Api, Json
from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.message_filter import AutoReplyChannels
from adapters.discord.rendering.streamed_message import UNDELIVERED
from bot.core.domain import Place
from bot.jobs.inbox import StorageError

if TYPE_CHECKING:
    from adapters.discord.gateway.client import RiffBot

log = logging.getLogger("riff.discord")

MOST_CHANNELS = 300
MOST_MESSAGES = 1000
_PAGE = 100
_WITHOUT_MESSAGES = {4, 15, 16}
"""Categories, forums and media channels: what is said in them is said in their threads."""
_READY_SECONDS = 30.0
_SLACK_SECONDS = 5.0
"""Clocks of this machine and of Discord differ."""


class Known(Protocol):
    """Knows where Riff was talked to."""

    async def last_used(self, platform: str, limit: int) -> Sequence[Place]: ...


class CatchUp:
    """Reads back what a shard missed and hands it on as if the gateway had said it."""

    def __init__(
        self, bot: "RiffBot", api: Api, marked: AutoReplyChannels, known: Known, own_id: str
    ) -> None:
        self._bot = bot
        self._api = api
        self._auto_reply = marked
        self._known = known
        self._own_id = own_id
        self._members: dict[tuple[str, str], Json | None] = {}

    async def since(self, shard: int, at: float) -> int:
        """Take what was said since then (seconds since 1970); gives how many messages were read."""
        async with asyncio.timeout(_READY_SECONDS):
            await self._bot.wait_until_ready()  # messages are understood once their servers are known
        after = discord.utils.time_snowflake(datetime.fromtimestamp(at - _SLACK_SECONDS, UTC))
        missed: list[Json] = []
        for number, (channel, guild) in enumerate(await self._channels(shard, after)):
            if number >= MOST_CHANNELS or len(missed) >= MOST_MESSAGES:
                log.error("too much was said while Riff was away; the rest of it is not read")
                break
            missed += [
                {**each, "guild_id": guild} if guild else each for each in await self._read(channel, after)
            ]
        missed.sort(key=lambda message: int(message["id"]))
        for message in missed[:MOST_MESSAGES]:
            self._bot.hear(await self._with_member(message))
        return len(missed)

    async def _channels(self, shard: int, after: int) -> list[tuple[str, str]]:
        """Channels that may have something new, with their servers ("" for none); direct ones do not say it."""
        try:
            known = await self._known.last_used(PLATFORM, MOST_CHANNELS)
        except StorageError as error:
            log.warning("nobody knows where Riff was talked to: %s", error)
            known = ()
        direct = [(place.channel, "") for place in known if place.direct and shard == 0]
        wanted = {place.channel for place in known} | set(self._auto_reply)
        servers = dict.fromkeys(
            [*(place.workspace for place in known if not place.direct), *self._auto_reply.guilds]
        )
        shards = self._bot.shard_count or 1
        found: list[tuple[str, str]] = []
        for guild in servers:
            if (int(guild) >> 22) % shards == shard:
                found += [(channel, guild) for channel in await self._in_server(guild, wanted, after)]
        return [*found, *direct]

    async def _in_server(self, guild: str, wanted: Set[str], after: int) -> list[str]:
        try:
            channels = [*await self._api.active_threads(guild), *await self._api.channels(guild)]
        except UNDELIVERED as error:
            log.info("a server is not read back: %s", error)
            return []
        return [
            str(channel["id"])
            for channel in channels
            if int(channel.get("last_message_id") or 0) > after
            and (
                channel.get("owner_id") == self._own_id or {channel["id"], channel.get("parent_id")} & wanted
            )
            and channel["type"] not in _WITHOUT_MESSAGES
        ]

    async def _read(self, channel: str, after: int) -> list[Json]:
        """The channel's messages after that one, oldest first, as far as Riff may read them."""
        found: list[Json] = []
        try:
            while len(found) < MOST_MESSAGES:
                page = await self._api.messages_after(
                    channel, str(found[-1]["id"] if found else after), _PAGE
                )
                found += page
                if len(page) < _PAGE:
                    break
        except UNDELIVERED as error:
            log.info("a channel is not read back: %s", error)
        return found

    async def _with_member(self, message: Json) -> Json:
        """The message with its author's roles, which the gateway would have told."""
        guild, author = str(message.get("guild_id") or ""), str(message["author"]["id"])
        if not guild or message["author"].get("bot") or "webhook_id" in message:
            return message
        if (guild, author) not in self._members:
            try:
                self._members[guild, author] = await self._api.member(guild, author)
            except UNDELIVERED:
                self._members[guild, author] = None
        member: dict[str, Any] | None = self._members[guild, author]
        return {**message, "member": member} if member else message
