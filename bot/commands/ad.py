"""`/ad`: an advertisement: headline, body, call to action."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.AD,
    N_("an advertisement: headline, body, call to action"),
    "WHAT [--characters N]",
    N_('/ad a weekend pottery class --audience "new parents"'),
    options=frozenset({"characters"}),
)
