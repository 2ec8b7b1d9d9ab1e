"""Riff's commands as Discord's application commands: derived from their declarations, verb by verb, and registered.

`/riff-admin` is seen by those who may manage the server.
https://docs.discord.com/developers/interactions/application-commands
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from adapters.discord.commands.translations import localised
from adapters.discord.gateway.api import Api, Json
from adapters.discord.incoming.event import PLATFORM
from bot.config.settings import LimitSettings
from bot.core.commands import Command, Kind, Option, Verb, all_commands
from bot.language import N_

CHAT, MESSAGE_MENU = 1, 3
SUB_COMMAND, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, ATTACHMENT = 1, 3, 4, 5, 6, 7, 8, 11
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


ADMIN = "riff-admin"
_TEXT_CHANNEL, _FORUM = 0, 15
_CHANNELS = [_TEXT_CHANNEL, _FORUM]
_MANAGE_GUILD = str(1 << 5)


def admin_command() -> Json:
    """The command with all that can be set."""
    options = [
        _channel(),
        _allow(),
        _limit(),
        option(
            SUB_COMMAND,
            "topics",
            N_("Topics that are off limits"),
            options=[option(STRING, "words", N_("For example: medical, politics; or none"), required=True)],
        ),
        option(
            SUB_COMMAND,
            "block",
            N_("A word that is never shown here"),
            options=[option(STRING, "words", N_("The word"), required=True, max_length=200)],
        ),
        _moderators(),
        option(SUB_COMMAND, "voice", N_("The brand voice in this channel")),
        option(SUB_COMMAND, "show", N_("What is set here")),
        option(SUB_COMMAND, "settings", N_("Change what is set here, in a form")),
    ]
    own: Json = {"contexts": [0], "integration_types": [0], "default_member_permissions": _MANAGE_GUILD}
    return {**chat(ADMIN, N_("Settings of this server"), options), **own}


def _channel() -> Json:
    options = [
        option(CHANNEL, "channel", N_("Which channel?"), channel_types=_CHANNELS, required=True),
        option(BOOLEAN, "on", N_("Whether I answer every post there")),
    ]
    described = N_("Let me answer every post in a text or forum channel")
    return option(SUB_COMMAND, "channel", described, options=options)


def _allow() -> Json:
    options = [
        option(CHANNEL, "channel", N_("Which channel?"), channel_types=_CHANNELS),
        option(ROLE, "role", N_("Which role?")),
        option(BOOLEAN, "on", N_("Whether it is allowed")),
    ]
    described = N_("Choose channels and roles I am for; with neither, all")
    return option(SUB_COMMAND, "allow", described, options=options)


def _moderators() -> Json:
    options = [
        option(CHANNEL, "channel", N_("A channel that only they read"), channel_types=[_TEXT_CHANNEL]),
        option(USER, "person", N_("Somebody, in direct messages")),
        option(USER, "another", N_("Somebody else, in direct messages")),
    ]
    described = N_("Who looks at what moderation stopped; none for nobody")
    return option(SUB_COMMAND, "moderators", described, options=options)


def _limit() -> Json:
    options = [
        option(INTEGER, "person", N_("Of one person"), min_value=1, max_value=1000),
        option(INTEGER, "daily", N_("Of one person in a day"), min_value=1, max_value=100_000),
        option(INTEGER, "server", N_("Of the whole server"), min_value=1, max_value=10_000),
    ]
    described = N_("How many prompts a minute; none for any number")
    return option(SUB_COMMAND, "limit", described, options=options)


BRAINSTORM_MENU, IMPROVE_MENU = N_("Brainstorm on this"), N_("Improve this")
THREAD = "thread"
"""The one option that is Discord's own: that an answer stands in a new thread."""
_NOT_HERE = frozenset({"like", "dislike", "save"})
"""Commands that buttons stand for."""
_MOST_CHARACTERS = 6000


def definitions(limits: LimitSettings) -> list[Json]:
    """Every command as Discord registers it, in a stable order."""
    shown = [command for name, command in all_commands().items() if name not in _NOT_HERE]
    return [
        *(command_of(command, limits) for command in shown),
        admin_command(),
        menu(BRAINSTORM_MENU),
        menu(IMPROVE_MENU),
    ]


def command_of(command: Command, limits: LimitSettings) -> Json:
    """One command; its verbs are sub-commands, but for one that does a single thing."""
    verbs = [verb for verb in command.verbs if verb.name]
    if not verbs:
        (verb,) = command.verbs
        return chat(command.name, command.summary, _options(verb, limits))
    return chat(command.name, command.summary, [_sub_command(verb, limits) for verb in verbs])


def _sub_command(verb: Verb, limits: LimitSettings) -> Json:
    options = _options(verb, limits)
    return option(SUB_COMMAND, verb.name, verb.summary, **({"options": options} if options else {}))


def _options(verb: Verb, limits: LimitSettings) -> list[Json]:
    """What the verb takes, as many as Discord has room for, those first that must be given."""
    needed = sorted(verb.options, key=lambda each: not each.required)
    own = [option(BOOLEAN, THREAD, N_("Answer in a new thread"))] if verb.brief is not None else []
    room = MOST_OPTIONS - len(own)
    return [*(_option(verb, each.within(limits)) for each in needed[:room]), *own]


def _must_be_given(verb: Verb, declared: Option) -> bool:
    """Whether Discord shall insist on it: without it a form opens, where there is one."""
    return declared.required and not (verb.form or verb.opens)


def _option(verb: Verb, declared: Option) -> Json:
    rest: Json = {"required": True} if _must_be_given(verb, declared) else {}
    match declared.kind:
        case Kind.NUMBER | Kind.HOUR:
            kind, rest = INTEGER, rest | {"min_value": declared.least, "max_value": declared.most}
        case Kind.FLAG:
            kind = BOOLEAN
        case Kind.FILE:
            kind = ATTACHMENT
        case Kind.CHOICE if not _is_completed(declared):
            labels = declared.labels or declared.choices
            chosen = [choice(*pair) for pair in zip(declared.choices, labels, strict=True)]
            kind, rest = STRING, rest | {"choices": chosen}
        case _:
            completed = {"autocomplete": True} if _is_completed(declared) else {}
            most = {"max_length": min(declared.longest, _MOST_CHARACTERS)}
            kind, rest = STRING, rest | most | completed
    return option(kind, declared.typed_name, declared.label, **rest)


def _is_completed(declared: Option) -> bool:
    """Whether what fits depends on the place, or is more than a list holds."""
    return bool(declared.completes) or len(declared.choices) > MOST_CHOICES


# Registers the commands with Discord, only when they changed since the last time.


log = logging.getLogger("riff.discord")


class Notes(Protocol):
    """Where the hash of what was registered is noted."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


async def register(api: Api, notes: Notes, app: str, guild: str, commands: list[Json]) -> dict[str, str]:
    """Register everywhere, or in the server `guild`, unless all is registered already.

    Gives the commands, or their sub-commands, with the ids by which Discord links them. Raises discord.HTTPException,
    aiohttp.ClientError, OSError or StorageError.
    """
    name = f"commands:{app}:{guild or 'everywhere'}"
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    noted = await notes.get(PLATFORM, name)
    if isinstance(noted, dict) and noted.get("digest") == digest:
        return dict(noted["ids"])
    ids = _linked(await api.put_commands(app, guild, commands))
    await notes.put(PLATFORM, name, {"digest": digest, "ids": ids})
    log.info("%d commands registered %s", len(commands), f"in server {guild}" if guild else "everywhere")
    return ids


def _linked(registered: Sequence[Json]) -> dict[str, str]:
    """The id by which each command that is typed is linked; of one with sub-commands, each of these."""
    ids: dict[str, str] = {}
    for command in registered:
        options = command.get("options") or ()
        subs = [f"{command['name']} {each['name']}" for each in options if each["type"] == SUB_COMMAND]
        typed = [command["name"]] if command.get("type", CHAT) == CHAT else []
        ids |= dict.fromkeys(subs or typed, str(command["id"]))
    return ids
