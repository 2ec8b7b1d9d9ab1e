"""Commands, one file each, written once for every adapter. A new file here is a new command."""

from bot.commands.base import Answer, Call, Command
from bot.commands.registry import all_commands, parse

__all__ = ["Answer", "Call", "Command", "all_commands", "parse"]
