"""Riff's commands as they are typed in Slack: `/riff help` for `/help`. Pure functions."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from bot.config.settings import LimitSettings
from bot.core.commands import Command, all_commands, parse
from bot.core.errors import CommandError

COMMAND = "/riff"
_OWN = ("admin", "voice")


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


def own_command_meant(line: str) -> str:
    """The command of Slack's own that a mistyped name is nearest to; "" where one of Riff's is nearer."""
    nearest = process.extractOne(_name(line), [*all_commands(), *_OWN], scorer=fuzz.ratio, score_cutoff=55)
    return f"{COMMAND} {nearest[0]}" if nearest and nearest[0] in _OWN else ""


def is_creative(line: str) -> bool:
    """Whether ideas come of the line, by one of Riff's commands."""
    command = command_of(line)
    return command is not None and command.brief is not None


def may_need_form(line: str) -> bool:
    """Whether the line says so little that a form may have to ask; not where a command needs to know nothing."""
    words = line.split()
    command = all_commands().get(_name(line))
    if command is not None and len(words) == 1:
        return command.fields is not None and command.fields(LimitSettings())[0].required
    return len(words) <= 2 and "--" not in line


def template_in(line: str) -> str:
    """A workspace's template and the words for it, if the line uses one; "" where it uses a command of Riff's."""
    if _name(line) == "use":
        return " ".join(line.split()[1:])
    return "" if _name(line) in all_commands() else " ".join(line.removeprefix("/").split())


def is_admin(line: str) -> bool:
    """Whether the line is for the workspace's admins."""
    return _name(line) == "admin"


def is_session(line: str) -> bool:
    """Whether the line is about a brainstorm with others."""
    return _name(line) == "session"


def _name(line: str) -> str:
    return line.lower().split()[0].removeprefix("/")


@cache
def _known() -> re.Pattern[str]:
    names = "|".join(sorted(all_commands(), key=len, reverse=True))
    return re.compile(rf"(?<![\w/])/(?P<name>{names})\b")
