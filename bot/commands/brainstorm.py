"""`/brainstorm`: ideas about a topic."""

from bot.commands.creative import creative_command
from bot.core.domain import Task
from bot.core.forms import brainstorm_fields
from bot.language import N_

COMMAND = creative_command(
    Task.BRAINSTORM,
    N_("ideas about a topic"),
    "[N] TOPIC [--technique T]",
    N_("/brainstorm 5 reusable coffee cups --tone playful"),
    options=frozenset({"technique"}),
    fields=brainstorm_fields,
)
