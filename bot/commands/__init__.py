"""Commands, one file each, written once for every adapter. A new file here is a new command."""

from bot.commands.base import Answer, Building, Call, Command, Mark, Part
from bot.commands.registry import all_commands, needs_admin, parse, read

__all__ = [
    "Answer",
    "Building",
    "Call",
    "Command",
    "Mark",
    "Part",
    "all_commands",
    "needs_admin",
    "parse",
    "read",
]
