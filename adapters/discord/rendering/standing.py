"""Panels that stand: each has one place in its thread, or above it, and is changed there when it says something else.

Where it stands is noted beside the inbox, so that any process, and one after a restart, finds it again.
"""

import json
import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Protocol

import discord

from adapters.discord.gateway.api import Api, Json, Upload
from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.rendering.cards import converted
from adapters.discord.rendering.panels import PanelMessage, panel_messages
from bot.core.buttons import CARD, Panel

log = logging.getLogger("riff.discord")

_MINE = 50005
"""Discord's code for somebody else's message."""
_LINK = "https://discord.com/channels"


class Below(Protocol):
    """Where what is new is posted: below what was said."""

    async def post(self, payload: Json, files: Sequence[Upload] = ()) -> str: ...
    def pass_over(self, message: str) -> None: ...


class StandingNotes(Protocol):
    """Where it is noted: the core's platform state."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


class Standing:
    """The named panels of one event's conversation."""

    def __init__(self, api: Api, notes: StandingNotes, event: Event) -> None:
        self._api = api
        self._notes = notes
        self._event = event
        self._newest = ""

    async def show(self, panel: Panel, below: Below) -> None:
        """Post it, or change what stands there. Raises what UNDELIVERED names."""
        event = self._event
        key = f"standing:{event.place_channel}:{event.thread}:{panel.name}"
        noted = await self._notes.get(PLATFORM, key) if panel.name else None
        held = dict(noted or {})
        for message in held.get("messages", ()):
            below.pass_over(message)
        messages = panel_messages(panel, self._link())
        said = sha256(json.dumps([one.payload for one in messages]).encode()).hexdigest()
        if held.get("said") == said:
            return
        if panel.name == CARD:
            ids = await self._bring_card(messages[0], held)
        else:
            ids = await self._bring(messages, list(held.get("messages", ())), below)
            self._newest = ids[0]
        if panel.name:
            channel = event.place_channel if panel.name == CARD else event.thread or event.place_channel
            await self._notes.put(PLATFORM, key, {"channel": channel, "messages": ids, "said": said})

    async def _bring(self, messages: Sequence[PanelMessage], held: list[str], below: Below) -> list[str]:
        ids = []
        for message in messages:
            if held and await self._changed(self._event.channel, held[0], message.payload):
                ids.append(held.pop(0))
            else:
                held = held[1:]
                ids.append(await below.post(message.payload, message.files))
        for left in held:
            await self._removed(left)
        return ids

    async def _bring_card(self, message: PanelMessage, held: Json) -> list[str]:
        """The card stands on the message that the thread hangs on, or answers it where that is a person's.

        Where the brainstorm did not open its thread itself there is none.
        """
        event = self._event
        channel = event.place_channel
        if known := list(held.get("messages", ())):
            return known if await self._changed(channel, known[0], message.payload) else []
        if held or not event.open_thread or not event.thread:
            return []
        if event.token:
            first = converted(message.payload, from_laid_out=False)
            return [event.thread] if await self._changed(channel, event.thread, first) else []
        reply = {"message_reference": {"message_id": event.thread, "fail_if_not_exists": False}}
        nonce = {"nonce": f"{event.id}.c", "enforce_nonce": True}
        return [str((await self._api.post(channel, {**message.payload, **reply, **nonce}))["id"])]

    async def _changed(self, channel: str, message: str, payload: Json) -> bool:
        """Whether it says that now; not a message that somebody deleted, or one that is not Riff's."""
        try:
            await self._api.edit(channel, message, payload)
        except discord.NotFound:
            return False
        except discord.HTTPException as error:
            if error.code != _MINE:
                raise
            return False
        return True

    async def _removed(self, message: str) -> None:
        try:
            await self._api.delete(self._event.channel, message)
        except discord.NotFound:
            log.info("what stood there is gone already")

    def _link(self) -> str:
        """The way into the thread, to what was shown there last where that is known."""
        event = self._event
        return message_link(event.guild, event.thread or event.place_channel, self._newest)


def message_link(guild: str, channel: str, message: str = "") -> str:
    """The address of a message, or of its channel or thread."""
    return "/".join(filter(None, (_LINK, guild or "@me", channel, message)))
