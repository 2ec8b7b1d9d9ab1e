"""`/design`: a product design brief."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.DESIGN,
    N_("a product design brief"),
    "PRODUCT",
    N_("/design a foldable bike helmet"),
)
