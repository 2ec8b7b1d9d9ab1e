"""`/improve`: a better version of an idea."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.IMPROVE,
    "a better version of an idea",
    "IDEA",
    "/improve a swap shelf for plants in the lobby",
)
