"""`/slogan`: slogans."""

from dataclasses import replace

from bot.commands.creative import CHARACTERS, TOPIC, creative_command
from bot.core.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.SLOGAN,
    N_("slogans"),
    N_("/slogan 4 a night market --characters 40"),
    replace(CHARACTERS, label=N_("Characters of a slogan, at most"), least=10, most=200),
    topic=replace(TOPIC, label=N_("Slogans for what?")),
    form=("topic", "count", "characters", "audience", "tone"),
    title=N_("Slogans"),
)
