"""In which language a person's Discord is: interactions say it, messages do not, so that it is remembered a while.

https://docs.discord.com/developers/reference#locales
"""

from collections import OrderedDict
from typing import Any

import discord

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
