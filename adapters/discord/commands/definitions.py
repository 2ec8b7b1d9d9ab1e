"""Riff's commands as Discord's application commands: derived from their declarations, verb by verb.

https://docs.discord.com/developers/interactions/application-commands
"""

from adapters.discord.commands.admin_definition import admin_command
from adapters.discord.commands.native import (
    BOOLEAN,
    INTEGER,
    MOST_CHOICES,
    MOST_OPTIONS,
    STRING,
    SUB_COMMAND,
    chat,
    choice,
    menu,
    option,
)
from adapters.discord.gateway.api import Json
from bot.config.settings import LimitSettings
from bot.core.commands import Command, Kind, Option, Verb, all_commands
from bot.language import N_

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
