"""`/copy`: brand copy."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.COPY,
    "brand copy",
    "WHAT [--characters N]",
    "/copy a refill shop --tone formal",
    options=frozenset({"characters"}),
)
