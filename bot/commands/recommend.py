"""`/recommend`: recommendations that fit your interests."""

from bot.commands.creative import creative_command
from bot.domain import Task

COMMAND = creative_command(
    Task.RECOMMEND,
    "recommendations that fit your interests",
    "[N] TOPIC",
    "/recommend 3 team outings",
    count=3,
)
