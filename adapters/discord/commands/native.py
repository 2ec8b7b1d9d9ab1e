"""The parts that Discord's application commands are made of, described in every language they are spoken in.

https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Sequence
from typing import Any

from adapters.discord.commands.translations import localised
from adapters.discord.gateway.api import Json

CHAT, MESSAGE_MENU = 1, 3
SUB_COMMAND, STRING, INTEGER, BOOLEAN, CHANNEL, ROLE = 1, 3, 4, 5, 7, 8
EVERYWHERE: Json = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
"""In servers, in direct messages with Riff, and, installed by a person, in any other conversation."""
MOST_CHOICES = 25
MOST_OPTIONS = 25
_DESCRIPTION = 100


def chat(name: str, description: str, options: Sequence[Json]) -> Json:
    """A command that is typed."""
    command = {"type": CHAT, "name": name, "options": list(options), **EVERYWHERE}
    return {**command, **_described(description)}


def menu(name: str) -> Json:
    """A command in the menu of a message; its name is what people read."""
    return {"type": MESSAGE_MENU, "name": name, **EVERYWHERE, **_named(name)}


def option(kind: int, name: str, description: str, **rest: Any) -> Json:
    """An option or sub-command."""
    return {"type": kind, "name": name, **_described(description), **rest}


def choice(value: str, label: str) -> Json:
    """One of the choices of an option."""
    return {"name": label[:_DESCRIPTION], "value": value, **_named(label)}


def _described(text: str) -> Json:
    translated = {locale: words[:_DESCRIPTION] for locale, words in localised(text).items()}
    shown: Json = {"description": text[:_DESCRIPTION]}
    return {**shown, "description_localizations": translated} if translated else shown


def _named(text: str) -> Json:
    translated = {locale: words[:_DESCRIPTION] for locale, words in localised(text).items()}
    return {"name_localizations": translated} if translated else {}
