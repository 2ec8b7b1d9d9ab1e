"""`/name`: names for a thing."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.NAME,
    "names for a thing",
    "[N] WHAT",
    "/name 6 a bike repair van",
)
