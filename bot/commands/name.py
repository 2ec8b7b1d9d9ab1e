"""`/name`: names for a thing."""

from dataclasses import replace

from bot.commands.creative import CHARACTERS, TOPIC, creative_command
from bot.core.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.NAME,
    N_("names for a thing"),
    N_("/name 6 a bike repair van --characters 12"),
    replace(CHARACTERS, label=N_("Characters of a name, at most"), least=3, most=100),
    topic=replace(TOPIC, label=N_("Names for what?")),
    form=("topic", "count", "characters", "audience", "tone"),
    title=N_("Names"),
)
