"""Finds the commands in this folder, and reads one out of what a person typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rapidfuzz import process

import bot.commands as package
from bot.core.commands.base import Command
from bot.core.errors import CommandError
from bot.language import _

_COMMAND = re.compile(r"^/(?P<name>[a-z][a-z0-9-]*)(?=\s|$)(?P<rest>.*)$", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(
    r"(?:^|\s)--(?P<key>[a-z][a-z_-]*)(?:\s*=\s*|\s+)(?P<value>\"[^\"]*\"|“[^“”]*”|[^\s\"]\S*)", re.I
)


@cache
def all_commands() -> dict[str, Command]:
    """Every command by name, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(package.__path__) if module.name != "registry")
    modules = (import_module(f"{package.__name__}.{name}") for name in names)
    return {module.COMMAND.name: module.COMMAND for module in modules if hasattr(module, "COMMAND")}


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that has the form of a command, whether there is one of that name or not."""

    name: str
    words: str
    options: Mapping[str, str]


def read(text: str) -> Typed | None:
    """The command that a person typed; None when `text` has not the form of one."""
    typed = _COMMAND.match(text)
    if not typed:
        return None
    options = {
        match["key"].lower(): match["value"].strip('"“” ') for match in _OPTION.finditer(typed["rest"])
    }
    return Typed(typed["name"].lower(), _OPTION.sub(" ", typed["rest"]).strip(), options)


def head(words: str) -> tuple[str, str]:
    """The first word in small letters, and the rest; any white space is between them."""
    first, *rest = words.split(None, 1) or [""]
    return first.lower(), rest[0].strip() if rest else ""


def needs_admin(text: str, *, direct: bool = False) -> bool:
    """Whether `text` is a command that only those may use who manage the workspace.

    In their direct messages people do as they like with what concerns only these.
    """
    typed = read(text)
    command = all_commands().get(typed.name) if typed else None
    if typed is None or command is None or (direct and command.direct_is_own and not typed.options):
        return False
    return head(typed.words)[0] in command.for_admins


def parse(text: str) -> tuple[Command, str, dict[str, str]] | None:
    """The command, its words and its options; None when `text` is not a command.

    Raises CommandError for a name that does not exist, with the nearest one that does.
    """
    typed = read(text)
    if typed is None:
        return None
    command = all_commands().get(typed.name)
    if command is None:
        nearest = process.extractOne(typed.name, list(all_commands()), score_cutoff=55)
        if nearest:
            raise CommandError(_("I don't know that command. Did you mean /{command}?", command=nearest[0]))
        raise CommandError(_("I don't know that command. Type /help to see what there is."))
    return command, typed.words, dict(typed.options)
