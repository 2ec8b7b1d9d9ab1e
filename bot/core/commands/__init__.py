"""What a command is, and what it is given; where the commands are found."""

from bot.core.commands.base import Answer, Building, Call, Command, Mark, Part
from bot.core.commands.registry import all_commands, needs_admin, parse, read

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
