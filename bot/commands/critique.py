"""`/critique`: strength, risk and a test for an idea."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.CRITIQUE,
    "strength, risk and a test for an idea",
    "IDEA",
    "/critique pay-what-you-want Fridays",
)
