"""Who can read a channel now, as Discord says."""

import discord

from bot.core.domain import Account, Place


class Membership:
    """Asks Discord for the member, and reckons what they are allowed to see."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def is_private(self, channel: Place) -> bool:
        """Whether the server's members do not all see the channel."""
        guild = self._client.get_guild(int(channel.workspace or 0))
        there = guild.get_channel(int(channel.channel)) if guild else None
        if guild is None or there is None:
            return False
        return not there.permissions_for(guild.default_role).view_channel

    async def can_read(self, account: Account, channel: Place) -> bool:
        """Whether the person can read the channel; raises where Discord does not say, as for who has left."""
        guild = self._client.get_guild(int(channel.workspace or 0))
        there = guild.get_channel(int(channel.channel)) if guild else None
        if guild is None or there is None:
            return False
        member = await guild.fetch_member(int(account.external_id))
        return there.permissions_for(member).view_channel
