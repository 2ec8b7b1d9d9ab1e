"""`/like`: say that you like an idea of the last list."""

from bot.commands.opinion import opinion_command
from storage.values import FeedbackKind

COMMAND = opinion_command(
    FeedbackKind.LIKE, "say that you like an idea of the last list", "Noted that you like it."
)
