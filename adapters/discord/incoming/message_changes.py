"""Messages that people edited, deleted or reacted to while a brainstorm runs in their thread.

All by the ids that the gateway tells: discord.py may not know the thread, as after a restart or once it was archived.
https://docs.discord.com/developers/events/gateway-events#message-update
"""

from collections.abc import Callable

import discord

from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.message_filter import heard, is_from_person
from bot.core.domain import Account, Place, Repositories
from bot.jobs.inbox import Inbox
from bot.jobs.scheduled import ScheduledJob
from bot.session.idea_changes import message_changed
from bot.session.reactions import means_something, reacted

_NOBODY = Account(PLATFORM, "", "0")


class MessageChanges:
    """Keeps what concerns a running brainstorm, in the line of the messages of its channel."""

    def __init__(
        self,
        own_id: int,
        inbox: Inbox,
        repositories: Repositories,
        channel_known: Callable[[int], object],
    ) -> None:
        self._channel_known = channel_known
        self._own_id = own_id
        self._inbox = inbox
        self._brainstorms = repositories.brainstorms

    async def edited(self, message: discord.Message) -> None:
        """Raises StorageError and InboxFull. Where Riff may not read the content, nothing is known of it."""
        if not is_from_person(message) or not message.content or message.edited_at is None:
            return
        place = await self._running(message.channel.id)
        if place is not None:
            change = f"{message.id}:{message.edited_at.timestamp()}"
            author = Account(PLATFORM, "", str(message.author.id))
            text = heard(message, self._own_id).text
            await self._keep(message_changed(change, place, author, str(message.id), text))

    async def deleted(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Raises StorageError and InboxFull."""
        place = await self._running(gone.channel_id)
        if place is not None:
            change = f"{gone.message_id}:deleted"
            await self._keep(message_changed(change, place, _NOBODY, str(gone.message_id), ""))

    async def reacted(self, reaction: discord.RawReactionActionEvent) -> None:
        """Raises StorageError and InboxFull."""
        sign = reaction.emoji.name or ""
        if reaction.user_id == self._own_id or reaction.emoji.id or not means_something(sign):
            return
        place = await self._running(reaction.channel_id)
        if place is None:
            return
        added = reaction.event_type == "REACTION_ADD"
        moment = discord.utils.utcnow().timestamp()  # events have no ids: one that comes twice does no harm
        change = f"{reaction.message_id}:{reaction.user_id}:{sign}:{moment}"
        author, message = Account(PLATFORM, "", str(reaction.user_id)), str(reaction.message_id)
        await self._keep(reacted(change, place, author, message, sign, added=added))

    async def _running(self, channel_id: int) -> Place | None:
        """Where the brainstorm runs that has this thread, or these direct messages; no channel of a server has one."""
        if isinstance(self._channel_known(channel_id), discord.abc.GuildChannel):
            return None
        running = await self._brainstorms.running_at(PLATFORM, str(channel_id))
        return running.place if running else None

    async def _keep(self, job: ScheduledJob) -> None:
        await self._inbox.add(job.event(f"channel:{job.place.thread or job.place.channel}"))
