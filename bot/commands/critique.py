"""`/critique`: strength, risk and a test for an idea."""

from dataclasses import replace

from bot.commands.creative import TOPIC, creative_command
from bot.core.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.CRITIQUE,
    N_("strength, risk and a test for an idea"),
    N_("/critique pay-what-you-want Fridays"),
    topic=replace(
        TOPIC,
        label=N_("Which idea?"),
        hint=N_("In your words, or its number in the last list."),
        placeholder=N_("IDEA|NUMBER"),
    ),
    form=("topic", "audience"),
    title=N_("Critique an idea"),
)
