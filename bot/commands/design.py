"""`/design`: a product design brief."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.DESIGN,
    "a product design brief",
    "PRODUCT",
    "/design a foldable bike helmet",
)
