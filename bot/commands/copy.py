"""`/copy`: brand copy."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.COPY,
    N_("brand copy"),
    "WHAT [--characters N]",
    N_("/copy a refill shop --tone formal"),
    options=frozenset({"characters"}),
)
