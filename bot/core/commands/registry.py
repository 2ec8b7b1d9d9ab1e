"""Finds the commands: each module of `bot.commands` that has a COMMAND, or several COMMANDS, adds to them."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rapidfuzz import process

import bot.commands as package
from bot.core.commands.declaration import Command, Verb
from bot.core.errors import CommandError
from bot.language import _


@cache
def all_commands() -> dict[str, Command]:
    """Every command by name, in alphabetical order."""
    found: list[Command] = []
    for module in iter_modules(package.__path__):
        loaded = import_module(f"{package.__name__}.{module.name}")
        found += [loaded.COMMAND] if hasattr(loaded, "COMMAND") else getattr(loaded, "COMMANDS", [])
    return {command.name: command for command in sorted(found, key=lambda command: command.name)}


def command_named(name: str) -> Command:
    """The command; raises CommandError for a name that does not exist, with the nearest one that does."""
    command = all_commands().get(name)
    if command is not None:
        return command
    nearest = process.extractOne(name, list(all_commands()), score_cutoff=55)
    if nearest:
        raise CommandError(_("I don't know that command. Did you mean /{command}?", command=nearest[0]))
    raise CommandError(_("I don't know that command. Type /help to see what there is."))


def verb_of(command: str, verb: str) -> Verb | None:
    """The verb of a command, or the command's default where it has none of that name; None for neither."""
    known = all_commands().get(command)
    return None if known is None else known.verb(verb) or known.verb(known.default)


def is_private(command: str, verb: str) -> bool:
    """Whether what the verb answers is for whoever asked only."""
    found = verb_of(command, verb)
    return found is not None and found.private
