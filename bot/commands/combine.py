"""`/combine`: two or more ideas made into one."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.COMBINE,
    N_("two or more ideas made into one"),
    "IDEA and IDEA",
    N_("/combine a lunch club and a book swap"),
)
