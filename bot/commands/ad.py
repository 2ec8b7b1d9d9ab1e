"""`/ad`: an advertisement: headline, body, call to action."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.AD,
    "an advertisement: headline, body, call to action",
    "WHAT [--characters N]",
    '/ad a weekend pottery class --audience "new parents"',
    options=frozenset({"characters"}),
)
