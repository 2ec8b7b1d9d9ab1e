"""`/dislike`: say that an idea of the last list is not for you."""

from bot.commands.opinion import opinion_command
from bot.language import N_
from storage.values.common import FeedbackKind

COMMAND = opinion_command(
    FeedbackKind.DISLIKE,
    N_("say that an idea of the last list is not for you"),
    N_("Noted that it is not for you."),
)
