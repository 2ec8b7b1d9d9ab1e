"""`/combine`: two or more ideas made into one."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.COMBINE,
    "two or more ideas made into one",
    "IDEA and IDEA",
    "/combine a lunch club and a book swap",
)
