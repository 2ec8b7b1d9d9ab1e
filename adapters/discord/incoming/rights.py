"""Whether somebody may manage a server: as Discord says at the moment that it decides, not when it was asked for."""

import asyncio
import logging
from dataclasses import replace

import discord

from bot.core.domain import Account, Incoming, Invocation, Repositories
from bot.core.errors import CommandError
from bot.interactions.resolver import resolve
from bot.session.arguments import SESSION

log = logging.getLogger("riff.discord")

_PATIENCE_SECONDS = 2.0


class Rights:
    """Asks for the member by their id: Riff is not told of members' roles by the gateway, for it does not ask to be.

    What a role allows the gateway does tell.
    """

    def __init__(self, client: discord.Client, repositories: Repositories) -> None:
        self._client = client
        self._templates = repositories.templates

    async def now(self, incoming: Incoming) -> Incoming:
        """The prompt, by an admin only if they still are one, where that decides what comes of it."""
        if not incoming.by_admin or not await self._decides(incoming):
            return incoming
        return replace(incoming, by_admin=await self.manages(incoming.author, incoming.place.workspace))

    async def manages(self, account: Account, guild: str) -> bool:
        """Whether Discord says now that the person may manage the server; nobody may whom it does not name."""
        server = self._client.get_guild(int(guild or 0))
        if server is None:
            return False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                member = await server.fetch_member(int(account.external_id))
        except (discord.HTTPException, OSError, TimeoutError) as error:
            log.info("nothing known of a member: %s", type(error).__name__)
            return False
        return member.guild_permissions.manage_guild

    async def _decides(self, incoming: Incoming) -> bool:
        """Whether it is for those who manage the server; they also steer every brainstorm."""
        if not isinstance(incoming.request, Invocation):
            return False
        try:
            asked = await resolve(incoming.request, self._templates, incoming.place)
        except CommandError:
            return False
        return asked is not None and (asked.is_for_admins(incoming.place) or asked.command.name == SESSION)
