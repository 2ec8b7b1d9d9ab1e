"""Which conversation a message in a channel belongs to: the one its chain of replies began.

A chain is walked up at most so far; what was walked is remembered.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass

import discord

from adapters.discord.gateway.api import Api, Json
from adapters.discord.incoming.message_content import is_forward
from adapters.discord.rendering.streamed_message import UNDELIVERED

log = logging.getLogger("riff.discord")

_HOPS = 24
_LONGEST = 200
_REMEMBERED = 20_000
_MESSAGE_SECONDS, _PRESS_SECONDS = 10.0, 1.0
"""A press must be acknowledged within three seconds."""


@dataclass(frozen=True, slots=True)
class ReplyChain:
    """The event that a conversation began with, and all that leads from there to a message, the newest first.

    `above` has ids of messages, Riff's among them, and of interactions: two answers to the same message share
    what is above it and nothing else.
    """

    root: str
    above: tuple[str, ...] = ()


class ReplyChains:
    """Finds chains; `own_id` is Riff's."""

    def __init__(self, api: Api, own_id: str) -> None:
        self._api = api
        self._own_id = own_id
        self._parents: OrderedDict[str, str] = OrderedDict()
        """What each message or interaction answers; "" where it begins a conversation."""

    def note(self, event: str, parent: str) -> None:
        """A message or interaction answers `parent`, or nothing."""
        self._parents[event] = parent
        self._parents.move_to_end(event)
        while len(self._parents) > _REMEMBERED:
            self._parents.popitem(last=False)

    async def of(self, message: discord.Message) -> ReplyChain:
        """The chain of a person's message; somebody else's words are quoted by it, not continued."""
        own = str(message.id)
        reference = message.reference
        answered = reference.resolved if reference else None
        is_others = isinstance(answered, discord.Message) and str(answered.author.id) != self._own_id
        if reference is None or reference.message_id is None or is_others or is_forward(message):
            self.note(own, "")
            return ReplyChain(own)
        self.note(own, str(reference.message_id))
        return await self._walk(str(message.channel.id), own, _MESSAGE_SECONDS)

    async def of_press(self, channel: str, interaction: str, message: discord.Message) -> ReplyChain:
        """The chain of what somebody asks for with a button of Riff's answer."""
        self.note(interaction, str(message.id))
        if message.interaction_metadata is not None:
            self.note(str(message.id), str(message.interaction_metadata.id))
        elif message.reference is not None and message.reference.message_id is not None:
            self.note(str(message.id), str(message.reference.message_id))
        return await self._walk(channel, interaction, _PRESS_SECONDS)

    async def _walk(self, channel: str, start: str, seconds: float) -> ReplyChain:
        """From an event up to where its conversation began, or to where the way up is lost or takes too long."""
        above: list[str] = []
        at, hops = start, 0
        ends = time.monotonic() + seconds
        while len(above) < _LONGEST:
            if at not in self._parents:
                hops += 1
                left = ends - time.monotonic()
                parent = await self._asked(channel, at, left) if hops <= _HOPS and left > 0 else None
                if parent is None:
                    break
                self.note(at, parent)
            if not self._parents[at]:
                break
            at = self._parents[at]
            above.append(at)
        return ReplyChain(at, tuple(above))

    async def _asked(self, channel: str, message: str, seconds: float) -> str | None:
        """What a message answers, as Discord says; None where it does not, in time."""
        try:
            async with asyncio.timeout(seconds):
                found: Json = await self._api.message(channel, message)
        except UNDELIVERED:
            return None
        asked = (found.get("interaction_metadata") or {}).get("id")
        return str(asked or (found.get("message_reference") or {}).get("message_id") or "")
