"""`/name`: names for a thing."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.NAME,
    N_("names for a thing"),
    "[N] WHAT",
    N_("/name 6 a bike repair van"),
)
