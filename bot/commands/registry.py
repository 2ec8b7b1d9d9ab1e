"""Finds the commands in this folder, and reads one out of what a person typed."""

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rapidfuzz import process

import bot.commands as package
from bot.commands.base import Command
from bot.errors import CommandError
from bot.language import _

_NOT_COMMANDS = frozenset({"base", "creative", "opinion", "registry"})
_COMMAND = re.compile(r"^/(?P<name>[a-z][a-z-]*)(?=\s|$)(?P<rest>.*)$", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(
    r"(?:^|\s)--(?P<key>[a-z][a-z-]*)(?:\s*=\s*|\s+)(?P<value>\"[^\"]*\"|“[^”]*”|[^\s\"]\S*)", re.I
)


@cache
def all_commands() -> dict[str, Command]:
    """Every command by name, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{name}") for name in names if name not in _NOT_COMMANDS]
    return {module.COMMAND.name: module.COMMAND for module in modules}


def parse(text: str) -> tuple[Command, str, dict[str, str]] | None:
    """The command, its words and its options; None when `text` is not a command.

    Raises CommandError for a name that does not exist, with the nearest one that does.
    """
    typed = _COMMAND.match(text)
    if not typed:
        return None
    name = typed["name"].lower()
    command = all_commands().get(name)
    if command is None:
        nearest = process.extractOne(name, list(all_commands()), score_cutoff=55)
        if nearest:
            raise CommandError(_("I don't know that command. Did you mean /{command}?", command=nearest[0]))
        raise CommandError(_("I don't know that command. Type /help to see what there is."))
    options = {
        match["key"].lower(): match["value"].strip('"“” ') for match in _OPTION.finditer(typed["rest"])
    }
    return command, _OPTION.sub(" ", typed["rest"]).strip(), options
