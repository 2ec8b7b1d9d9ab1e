"""`/recommend`: recommendations that fit your interests."""

from bot.commands.creative import creative_command
from bot.domain import Task
from bot.language import N_

COMMAND = creative_command(
    Task.RECOMMEND,
    N_("recommendations that fit your interests"),
    "[N] TOPIC",
    N_("/recommend 3 team outings"),
    count=3,
)
