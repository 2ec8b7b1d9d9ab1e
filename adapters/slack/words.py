"""Riff's commands as they are typed in Slack: `/riff help` for `/help`. Pure functions."""

import re
from functools import cache

from bot.commands import Command, all_commands, parse
from bot.errors import CommandError

COMMAND = "/riff"


def as_typed(text: str) -> str:
    """One of Riff's own sentences with its commands as Slack has them."""
    return _known().sub(rf"{COMMAND} \g<name>", text)


def as_command(words: str) -> str:
    """What follows `/riff` as a line for the pipeline."""
    return f"/{words.lstrip('/ ')}" if words.strip() else "/help"


def command_of(line: str) -> Command | None:
    """The command that the line names; None when it names none, which the pipeline then says."""
    try:
        parsed = parse(line)
    except CommandError:
        return None
    return parsed[0] if parsed else None


def is_session(line: str) -> bool:
    """Whether the line is about a brainstorm with others."""
    return line.lower().split()[:1] == ["/session"]


def starts_session(line: str) -> bool:
    """Whether the line begins one, which gets a thread of its own."""
    return line.lower().split()[:2] == ["/session", "start"]


@cache
def _known() -> re.Pattern[str]:
    names = "|".join(sorted(all_commands(), key=len, reverse=True))
    return re.compile(rf"(?<![\w/])/(?P<name>{names})\b")
