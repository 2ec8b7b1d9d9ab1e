"""`/save`: keep an idea of the last list."""

from bot.commands.opinion import opinion_command
from storage.values import FeedbackKind

COMMAND = opinion_command(FeedbackKind.SAVE, "keep an idea of the last list", "Kept.")
