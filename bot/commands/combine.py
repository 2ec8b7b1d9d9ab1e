"""`/combine`: two or more ideas made into one."""

from dataclasses import replace

from bot.commands.creative import TOPIC, creative_command
from bot.core.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.COMBINE,
    N_("two or more ideas made into one"),
    N_("/combine a lunch club and a book swap"),
    topic=replace(
        TOPIC,
        label=N_("Which ideas?"),
        hint=N_("In your words with “and” between, or their numbers in the last list."),
        placeholder=N_("IDEA and IDEA"),
    ),
    form=("topic", "audience"),
    title=N_("Combine ideas"),
)
