"""`/brainstorm`: ideas about a topic."""

from dataclasses import replace

from bot.commands.creative import COUNT, TECHNIQUE, TOPIC, creative_command
from bot.core.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.BRAINSTORM,
    N_("ideas about a topic"),
    N_("/brainstorm 5 reusable coffee cups --tone playful"),
    TECHNIQUE,
    topic=replace(TOPIC, placeholder=N_("TOPIC")),
    count=replace(COUNT, label=N_("How many ideas?")),
    form=("topic", "audience", "tone", "count", "technique"),
    title=N_("Brainstorm"),
)
