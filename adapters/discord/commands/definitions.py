"""Riff's commands as Discord's application commands, made from the core's and registered when they changed."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from adapters.discord.commands import core_verbs, session_options
from adapters.discord.commands.translations import localised
from adapters.discord.gateway.api import Api, Json
from adapters.discord.incoming.event import PLATFORM
from bot.config.settings import LimitSettings
from bot.core.commands import Command, all_commands
from bot.core.forms import Field, FieldKind
from bot.language import N_, SOURCE, speaking

CHAT, MESSAGE_MENU = 1, 3
SUB_COMMAND, STRING, INTEGER, BOOLEAN, CHANNEL, ROLE = 1, 3, 4, 5, 7, 8
_TEXT_CHANNEL, _FORUM = 0, 15
MANAGE_GUILD = str(1 << 5)

BRAINSTORM_MENU, IMPROVE_MENU = N_("Brainstorm on this"), N_("Improve this")
ADMIN = "riff-admin"

_EVERYWHERE: Json = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
"""In servers, in direct messages with Riff, and, installed by a person, in any other conversation."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "consent": ("on", "off"),
    "forget": ("conversation", "everything"),
    "privacy": ("export", "forget"),
}
_COMPLETED = frozenset({"tone", "technique"})
"""Choices that are completed while they are typed, as more of them may come."""
_NOT_HERE = frozenset({"like", "dislike", "save"})
"""Commands that buttons stand for."""


def definitions(most_ideas: int) -> list[Json]:
    """Every command as Discord registers it, in a stable order."""
    shown = [command for name, command in all_commands().items() if name not in _NOT_HERE]
    return [
        *(_command(command, most_ideas) for command in shown),
        _admin(),
        {"type": MESSAGE_MENU, "name": BRAINSTORM_MENU, **_EVERYWHERE, **_names(BRAINSTORM_MENU)},
        {"type": MESSAGE_MENU, "name": IMPROVE_MENU, **_EVERYWHERE, **_names(IMPROVE_MENU)},
    ]


def _command(command: Command, most_ideas: int) -> Json:
    if command.brief is not None:
        options = _creative(command, most_ideas)
    elif command.name == session_options.NAME:
        return _chat(command.name, command.summary, [_verb(verb) for verb in session_options.VERBS])
    elif command.name in core_verbs.VERBS:
        verbs = [_verb(verb) for verb in core_verbs.VERBS[command.name]]
        return _chat(command.name, command.summary, verbs)
    elif command.name == core_verbs.USE:
        options = [_of_verb(option) for option in core_verbs.USE_OPTIONS]
    elif command.name in _CHOICES:
        return _chat(
            command.name,
            command.summary,
            [_option(SUB_COMMAND, choice, f"{command.name} {choice}") for choice in _CHOICES[command.name]],
        )
    else:
        hint = command.usage.removeprefix(f"/{command.name}").strip() or command.summary
        options = [_option(STRING, "words", hint)]
    return _chat(command.name, command.summary, options)


def _verb(verb: session_options.Verb) -> Json:
    options = [_of_verb(option) for option in verb.options]
    return _option(SUB_COMMAND, verb.name, verb.description, **({"options": options} if options else {}))


def _of_verb(option: session_options.Option) -> Json:
    rest: Json = {"required": True} if option.required else {}
    if option.kind == INTEGER:
        rest |= {"min_value": option.least, "max_value": option.most}
    elif option.most:
        rest |= {"max_length": option.most}
    if option.choices:
        rest |= {"choices": [{"name": choice, "value": choice} for choice in option.choices]}
    if option.completes:
        rest |= {"autocomplete": True}
    return _option(option.kind, option.name, option.description, **rest)


def _creative(command: Command, most_ideas: int) -> list[Json]:
    """The fields of the command's form as options, then those that all creative commands take."""
    with speaking(SOURCE):
        fields = command.fields(LimitSettings(ideas=most_ideas)) if command.fields else ()
    options = [_of_field(field) for field in fields] or [_option(STRING, "topic", N_("What about?"))]
    more = [
        _option(STRING, "audience", N_("For whom?"), max_length=200),
        _option(STRING, "tone", N_("Tone"), autocomplete=True),
        _option(STRING, "voice", N_("Brand voice"), autocomplete=True, max_length=1000),
        _option(BOOLEAN, "thread", N_("Answer in a new thread")),
    ]
    if "--characters" in command.usage:
        more.insert(
            0, _option(INTEGER, "characters", N_("At most so many characters"), min_value=1, max_value=4000)
        )
    if "--action" in command.usage:
        more.insert(0, _option(STRING, "action", N_("Call to action"), max_length=60))
    known = {option["name"] for option in options}
    return [*options, *(option for option in more if option["name"] not in known)]


def _of_field(field: Field) -> Json:
    match field.kind:
        case FieldKind.NUMBER:
            return _option(INTEGER, field.name, field.label, min_value=field.least, max_value=field.most)
        case FieldKind.CHOICE if field.name in _COMPLETED:
            return _option(STRING, field.name, field.label, autocomplete=True)
        case FieldKind.CHOICE:
            choices = [{"name": value, "value": value} for value, _label in field.choices]
            return _option(STRING, field.name, field.label, choices=choices)
    return _option(STRING, field.name, field.label, max_length=field.max_characters)


def _admin() -> Json:
    options = [
        _option(
            SUB_COMMAND,
            "channel",
            N_("Let me answer every post in a text or forum channel"),
            options=[
                _option(
                    CHANNEL,
                    "channel",
                    N_("Which channel?"),
                    channel_types=[_TEXT_CHANNEL, _FORUM],
                    required=True,
                ),
                _option(BOOLEAN, "on", N_("Whether I answer every post there")),
            ],
        ),
        _option(
            SUB_COMMAND,
            "allow",
            N_("Choose channels and roles I am for; with neither, all"),
            options=[
                _option(CHANNEL, "channel", N_("Which channel?"), channel_types=[_TEXT_CHANNEL, _FORUM]),
                _option(ROLE, "role", N_("Which role?")),
                _option(BOOLEAN, "on", N_("Whether it is allowed")),
            ],
        ),
        _option(
            SUB_COMMAND,
            "limit",
            N_("How many prompts a minute; none for any number"),
            options=[
                _option(INTEGER, "person", N_("Of one person"), min_value=1, max_value=1000),
                _option(INTEGER, "daily", N_("Of one person in a day"), min_value=1, max_value=100_000),
                _option(INTEGER, "server", N_("Of the whole server"), min_value=1, max_value=10_000),
            ],
        ),
        _option(
            SUB_COMMAND,
            "topics",
            N_("Topics that are off limits"),
            options=[_option(STRING, "words", N_("For example: medical, politics; or none"), required=True)],
        ),
        _option(
            SUB_COMMAND,
            "block",
            N_("A word that is never shown here"),
            options=[_option(STRING, "words", N_("The word"), required=True, max_length=200)],
        ),
        _option(SUB_COMMAND, "voice", N_("The brand voice in this channel")),
        _option(SUB_COMMAND, "show", N_("What is set here")),
    ]
    own: Json = {"contexts": [0], "integration_types": [0], "default_member_permissions": MANAGE_GUILD}
    return {**_chat(ADMIN, N_("Settings of this server"), options), **own}


def _chat(name: str, description: str, options: list[Json]) -> Json:
    command = {"type": CHAT, "name": name, "options": options, **_EVERYWHERE}
    return {**command, **_described(description)}


def _option(kind: int, name: str, description: str, **rest: Any) -> Json:
    return {"type": kind, "name": name, **_described(description), **rest}


def _described(text: str) -> Json:
    translated = {locale: words[:100] for locale, words in localised(text).items()}
    return {"description": text[:100], **({"description_localizations": translated} if translated else {})}


def _names(text: str) -> Json:
    translated = localised(text)
    return {"name_localizations": translated} if translated else {}


# Registers the commands with Discord, only when they changed since the last time.


log = logging.getLogger("riff.discord")


class Notes(Protocol):
    """Where the hash of what was registered is noted."""

    async def get(self, platform: str, name: str) -> Any: ...
    async def put(self, platform: str, name: str, value: Any) -> None: ...


async def register(api: Api, notes: Notes, app: str, guild: str, commands: list[Json]) -> bool:
    """Register everywhere, or in the server `guild`; False where all is registered already.

    Raises discord.HTTPException, aiohttp.ClientError, OSError or StorageError.
    """
    name = f"commands:{app}:{guild or 'everywhere'}"
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    if await notes.get(PLATFORM, name) == digest:
        return False
    await api.put_commands(app, guild, commands)
    await notes.put(PLATFORM, name, digest)
    log.info("%d commands registered %s", len(commands), f"in server {guild}" if guild else "everywhere")
    return True
