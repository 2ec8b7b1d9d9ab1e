"""What a command is, what it is given, and how its text, its usage and its values are read off its declaration."""

from bot.core.commands.call import Answer, Building, Call, Mark, Part
from bot.core.commands.command_lines import render
from bot.core.commands.declaration import (
    PICKED,
    Command,
    Kind,
    Option,
    Verb,
    all_commands,
    command_named,
    command_of_one,
    is_private,
)
from bot.core.commands.option_values import checked, missing, numbers_in
from bot.core.commands.parsing import parse, parse_verb, typed_command
from bot.core.commands.usage_lines import usage_of, usage_of_verb
from bot.core.domain import Invocation

__all__ = [
    "PICKED",
    "Answer",
    "Building",
    "Call",
    "Command",
    "Invocation",
    "Kind",
    "Mark",
    "Option",
    "Part",
    "Verb",
    "all_commands",
    "checked",
    "command_named",
    "command_of_one",
    "is_private",
    "missing",
    "numbers_in",
    "parse",
    "parse_verb",
    "render",
    "typed_command",
    "usage_of",
    "usage_of_verb",
]
