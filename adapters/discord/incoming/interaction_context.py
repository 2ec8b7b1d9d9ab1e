"""What an interaction says of who asks, in which language and where, and what Riff may do there.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object"""

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

import discord

from adapters.discord.incoming.event import PLATFORM, Event
from adapters.discord.incoming.reply_chains import ReplyChains
from bot.core.domain import Account
from bot.core.locales import locale_of
from bot.core.repositories import Repositories
from bot.language import LOCALE

_REMEMBERED = 10_000


class Locales:
    """The locales of people who used commands or buttons since Riff started."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, str] = OrderedDict()

    def note(self, interaction: discord.Interaction[Any]) -> str:
        """The locale that the interaction says, kept for the person's messages."""
        locale = str(interaction.locale.value)
        self._known[interaction.user.id] = locale
        self._known.move_to_end(interaction.user.id)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return locale

    def of_author(self, message: discord.Message) -> str:
        """The author's locale, else the one that the server prefers, "" where nobody said."""
        guild = message.guild
        preferred = str(guild.preferred_locale.value) if guild is not None else ""
        return self._known.get(message.author.id, preferred)


async def speak_as_chosen(interaction: discord.Interaction[Any], repositories: Repositories) -> None:
    """What is said at once is in the language that the person chose; a prompt that is only kept cannot wait."""
    account = Account(PLATFORM, "", str(interaction.user.id))
    LOCALE.set(await locale_of(repositories, account, LOCALE.get()))


async def event_of(
    interaction: discord.Interaction[Any], text: str, chains: ReplyChains, locales: Locales
) -> Event:
    """Who asks what and where; with no `text`, who acts and where."""
    channel, own = str(interaction.channel_id), str(interaction.id)
    place_channel, thread, chain = channel, "", None
    if isinstance(interaction.channel, discord.Thread):
        place_channel, thread = str(interaction.channel.parent_id), channel
    elif interaction.guild_id is not None:
        if interaction.message is not None and text:
            found = await chains.of_press(channel, own, interaction.message)
            thread, chain = found.root, found.above
        else:
            chains.note(own, "")
            thread, chain = own, ()
    return Event(
        id=own,
        user=str(interaction.user.id),
        guild=str(interaction.guild_id or ""),
        channel=channel,
        place_channel=place_channel,
        thread=thread,
        text=text,
        direct=interaction.guild_id is None and interaction.context.dm_channel,
        token=interaction.token,
        app=str(interaction.application_id),
        can_post=_can_post(interaction),
        chain=chain,
        roles=tuple(str(role.id) for role in getattr(interaction.user, "roles", ())),
        mentioned=True,
        by_admin=interaction.guild_id is not None and interaction.permissions.manage_guild,
        author_name=interaction.user.display_name,
        locale=locales.note(interaction),
    )


def _can_post(interaction: discord.Interaction[Any]) -> bool:
    """Whether Riff itself may write there, and not only answer the interaction."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    allowed = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    by_person_only = interaction.is_user_integration() and not interaction.is_guild_integration()
    return not by_person_only and allowed.view_channel and may_send


def is_apart(interaction: discord.Interaction[Any]) -> bool:
    """Whether a brainstorm has the place to itself as it is: a thread, or a direct message."""
    return interaction.guild_id is None or isinstance(interaction.channel, discord.Thread)


def is_plain_channel(interaction: discord.Interaction[Any]) -> bool:
    """Whether a thread can be opened on a message there."""
    return isinstance(interaction.channel, discord.TextChannel)


def moment_of(interaction: discord.Interaction[Any]) -> datetime:
    """When somebody acted."""
    return interaction.created_at.astimezone(UTC)


def age_of(interaction: discord.Interaction[Any]) -> float:
    """How many seconds ago somebody acted."""
    return (datetime.now(UTC) - moment_of(interaction)).total_seconds()
