"""Which conversation a message in a channel belongs to: the one its chain of replies began.

A chain is walked up at most so far; what was walked is remembered.
"""

import logging
from collections import OrderedDict

import discord

from adapters.discord.api import Api
from adapters.discord.screen import UNDELIVERED

log = logging.getLogger("riff.discord")

_HOPS = 24
_REMEMBERED = 20_000


class Chains:
    """Finds the roots of chains; `own_id` is Riff's."""

    def __init__(self, api: Api, own_id: str) -> None:
        self._api = api
        self._own_id = own_id
        self._roots: OrderedDict[str, str] = OrderedDict()

    def note(self, message: str, root: str) -> None:
        """The message, or interaction, is part of the conversation that began with `root`."""
        self._roots[message] = root
        self._roots.move_to_end(message)
        while len(self._roots) > _REMEMBERED:
            self._roots.popitem(last=False)

    async def root_of(self, message: discord.Message) -> str:
        """The event that the message's conversation began with; its own id for a new one."""
        if message.reference is None or message.reference.message_id is None:
            return self._kept(str(message.id), str(message.id))
        answered = message.reference.resolved
        if isinstance(answered, discord.Message) and str(answered.author.id) != self._own_id:
            return self._kept(
                str(message.id), str(message.id)
            )  # somebody else's words are quoted, not continued
        root = await self._walk(str(message.channel.id), str(message.reference.message_id))
        return self._kept(str(message.id), root or str(message.id))

    async def root_of_answer(self, channel: str, message: discord.Message) -> str:
        """The event that the conversation began with in which Riff gave this answer."""
        if message.interaction_metadata is not None:
            asked = str(message.interaction_metadata.id)
            return self._roots.get(asked, asked)
        answered = message.reference.message_id if message.reference else None
        return (await self._walk(channel, str(answered)) if answered else "") or str(message.id)

    async def _walk(self, channel: str, message: str) -> str:
        """The root above a message; "" where the way up is lost."""
        for _ in range(_HOPS):
            if message in self._roots:
                return self._roots[message]
            try:
                found = await self._api.message(channel, message)
            except UNDELIVERED:
                return ""
            asked = (found.get("interaction_metadata") or {}).get("id")
            if asked:
                return self._kept(message, self._roots.get(str(asked), str(asked)))
            above = (found.get("message_reference") or {}).get("message_id")
            if not above:
                return message
            message = str(above)
        return message

    def _kept(self, message: str, root: str) -> str:
        self.note(message, root)
        return root
