"""`/critique`: strength, risk and a test for an idea."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.CRITIQUE,
    N_("strength, risk and a test for an idea"),
    "IDEA",
    N_("/critique pay-what-you-want Fridays"),
)
