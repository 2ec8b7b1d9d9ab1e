"""Where Riff introduces itself in a server that added it: the system channel, else the first that it may write in.

A server that added Riff while it was away tells nothing of it: Riff then introduces itself to whoever greets it.
https://docs.discord.com/developers/events/gateway-events#guild-create
"""

import logging

import discord

from adapters.discord.incoming.event import PLATFORM
from bot.core.domain import Place
from bot.interactions.first_contact import KIND
from bot.jobs.scheduled import ScheduledJob

log = logging.getLogger("riff.discord")


def introduction_in(guild: discord.Guild) -> ScheduledJob | None:
    """What is to be done in the server, in its language; None where Riff may write nowhere."""
    channel = next((one for one in _by_choice(guild) if _may_write(one)), None)
    if channel is None:
        log.info("a server was joined in which nothing can be written")
        return None
    since = guild.me.joined_at
    event_id = f"joined:{guild.id}:{since.timestamp() if since else 0:.0f}"
    place = Place(PLATFORM, str(guild.id), str(channel.id))
    return ScheduledJob(event_id, place, KIND, locale=str(guild.preferred_locale.value))


def _by_choice(guild: discord.Guild) -> list[discord.TextChannel]:
    first = [guild.system_channel] if guild.system_channel else []
    return [*first, *guild.text_channels]


def _may_write(channel: discord.TextChannel) -> bool:
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.send_messages
