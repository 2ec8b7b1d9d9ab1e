"""`/like`: say that you like an idea of the last list."""

from bot.commands.opinion import opinion_command
from bot.language import N_
from storage.values.common import FeedbackKind

COMMAND = opinion_command(
    FeedbackKind.LIKE, N_("say that you like an idea of the last list"), N_("Noted that you like it.")
)
