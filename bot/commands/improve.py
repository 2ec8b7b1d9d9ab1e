"""`/improve`: a better version of an idea."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.IMPROVE,
    N_("a better version of an idea"),
    "IDEA",
    N_("/improve a swap shelf for plants in the lobby"),
)
