"""Messages that people edited or deleted while a brainstorm runs in their thread.

https://docs.discord.com/developers/events/gateway-events#message-update
"""

import discord

from adapters.discord.incoming.event import PLATFORM
from adapters.discord.incoming.message_filter import heard, is_from_person
from bot.core.domain import Account, Place, Repositories
from bot.jobs.inbox import Inbox
from bot.session.idea_changes import message_changed

_NOBODY = Account(PLATFORM, "", "0")


class MessageChanges:
    """Keeps what concerns a running brainstorm, in the line of the messages of its channel."""

    def __init__(self, own_id: int, inbox: Inbox, repositories: Repositories) -> None:
        self._own_id = own_id
        self._inbox = inbox
        self._brainstorms = repositories.brainstorms

    async def edited(self, message: discord.Message) -> None:
        """Raises StorageError and InboxFull. Where Riff may not read the content, nothing is known of it."""
        if not is_from_person(message) or not message.content or message.edited_at is None:
            return
        text = heard(message, self._own_id).text
        change = f"{message.id}:{message.edited_at.timestamp()}"
        author = Account(PLATFORM, "", str(message.author.id))
        await self._keep(message.channel, message.id, change, author, text)

    async def deleted(self, channel: object, message_id: int) -> None:
        """Raises StorageError and InboxFull."""
        await self._keep(channel, message_id, f"{message_id}:deleted", _NOBODY, "")

    async def _keep(self, channel: object, message_id: int, change: str, author: Account, text: str) -> None:
        place = _place_of(channel)
        if place is None or await self._brainstorms.running_in(place) is None:
            return
        job = message_changed(change, place, author, str(message_id), text)
        await self._inbox.add(job.event(f"channel:{place.thread or place.channel}"))


def _place_of(channel: object) -> Place | None:
    """Where a brainstorm could run: a thread, or somebody's direct messages."""
    if isinstance(channel, discord.Thread):
        return Place(PLATFORM, str(channel.guild.id), str(channel.parent_id or channel.id), str(channel.id))
    if isinstance(channel, discord.DMChannel):
        return Place(PLATFORM, "", str(channel.id), direct=True)
    return None
