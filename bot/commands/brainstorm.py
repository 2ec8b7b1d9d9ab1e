"""`/brainstorm`: ideas about a topic."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.BRAINSTORM,
    "ideas about a topic",
    "[N] TOPIC [--technique T]",
    "/brainstorm 5 reusable coffee cups --tone playful",
    options=frozenset({"technique"}),
)
