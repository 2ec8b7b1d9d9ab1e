"""`/dislike`: say that an idea of the last list is not for you."""

from bot.commands.opinion import opinion_command
from storage.values import FeedbackKind

COMMAND = opinion_command(
    FeedbackKind.DISLIKE, "say that an idea of the last list is not for you", "Noted that it is not for you."
)
