"""`/riff-admin`: what people who may manage a server set in it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from adapters.discord.exchange import Exchange
from adapters.discord.marked import Marked
from adapters.discord.modals import modal
from bot.domain import Place
from bot.errors import CommandError
from bot.forms import voice_form
from bot.memory import Memory

NOT_ALLOWED = "Only people who may manage this server can do that."
NO_CONTENT = (
    " I can't read the posts yet: whoever runs me must switch on Message Content Intent for this application"
    " (Discord's developer portal, Bot)."
)
Run = Callable[[str], Awaitable[None]]
"""Answers a text as a private prompt."""


def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Whether the person may manage the server; Discord's own check of the command can be overridden there."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


class Admin:
    """The sub-commands."""

    def __init__(self, memory: Memory, marked: Marked, reads_content: Callable[[], bool]) -> None:
        self._memory = memory
        self._marked = marked
        self._reads_content = reads_content

    async def run(
        self, exchange: Exchange, sub: str, options: Mapping[str, Any], place: Place, ask: Run
    ) -> None:
        """Do one; raises CommandError or StorageError."""
        if not may_manage(exchange.interaction):
            raise CommandError(NOT_ALLOWED)
        match sub:
            case "channel":
                await self._mark(exchange, str(options["channel"]), on=bool(options.get("on", True)))
            case "voice":
                voice = await self._memory.channels.voice(place)
                await exchange.open(modal(voice_form(voice)))
            case _:
                await ask(f"/admin {sub} {options.get('words', '')}".strip())

    async def _mark(self, exchange: Exchange, channel: str, *, on: bool) -> None:
        await exchange.patiently(self._marked.set(str(exchange.interaction.guild_id), channel, on=on))
        if not on:
            await exchange.tell(f"Done: in <#{channel}> I answer only who mentions me.")
            return
        said = f"Done: I answer every post in <#{channel}>, each in its own thread."
        await exchange.tell(said + ("" if self._reads_content() else NO_CONTENT))
