"""`/slogan`: slogans."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.SLOGAN,
    "slogans",
    "[N] WHAT",
    "/slogan 4 a night market",
)
