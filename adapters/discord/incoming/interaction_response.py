"""One interaction and its first response, which Discord wants within three seconds and takes once.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import discord

from adapters.discord.gateway.api import EPHEMERAL, UNKNOWN_INTERACTION, Api, Json
from adapters.discord.rendering.sending import ORIGINAL, plain
from bot.language import _

log = logging.getLogger("riff.discord")

T = TypeVar("T")
_SHOW, _DEFER, _DEFER_UPDATE, _CHOICES, _MODAL = 4, 5, 6, 8, 9
_ACKNOWLEDGED = 40060
PATIENCE_SECONDS = 1.0
"""Work that takes longer is first acknowledged: two of Discord's three seconds are left for the way."""


class InteractionResponse:
    """Answers one interaction; a second answer goes where the first one stands."""

    def __init__(self, api: Api, interaction: discord.Interaction[Any], *, is_replayed: bool = False) -> None:
        self.interaction = interaction
        self.is_replayed = is_replayed
        """Whether it comes out of a session that an earlier process left."""
        self._api = api
        self._is_answered = False

    @property
    def user(self) -> str:
        """Who acted."""
        return str(self.interaction.user.id)

    async def defer(self, *, private: bool) -> None:
        """Show that it is being worked on."""
        await self._first(_DEFER, {"flags": EPHEMERAL if private else 0})

    async def nothing(self) -> None:
        """Acknowledge a press that changes nothing visible."""
        await self._first(_DEFER_UPDATE)

    async def choices(self, values: Sequence[tuple[str, str]]) -> None:
        """What may be completed: each value with what it is called."""
        shown = [{"name": label[:100], "value": value[:100]} for value, label in values[:25] if value.strip()]
        await self._first(_CHOICES, {"choices": shown})

    async def open(self, modal: Json) -> None:
        """Open a form; where something was answered already, the person presses once more."""
        if self._is_answered:
            await self.tell(_("That took me a moment. Please press it again."))
        else:
            await self._first(_MODAL, modal)

    async def tell(self, text: str, rows: Sequence[Json] = ()) -> None:
        """A sentence for the person alone."""
        payload = plain(text, list(rows))
        if not self._is_answered:
            await self._first(_SHOW, {**payload, "flags": payload["flags"] | EPHEMERAL})
            return
        app, token = str(self.interaction.application_id), self.interaction.token
        await self._api.edit_response(app, token, ORIGINAL, payload)

    async def patiently(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, acknowledged privately where it takes long."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
            if not done:
                await self.defer(private=True)
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _first(self, kind: int, data: Json | None = None) -> None:
        if self._is_answered:
            return
        self._is_answered = True
        try:
            await self._api.respond(str(self.interaction.id), self.interaction.token, kind, data)
        except discord.HTTPException as error:
            if error.code not in {_ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                raise
            log.info("an interaction was answered before, or too late (%s)", error.code)
