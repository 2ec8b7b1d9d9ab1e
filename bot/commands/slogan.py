"""`/slogan`: slogans."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.SLOGAN,
    N_("slogans"),
    "[N] WHAT",
    N_("/slogan 4 a night market"),
)
