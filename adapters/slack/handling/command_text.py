"""Riff's commands as they are typed in Slack: `/riff help` for `/help`. Pure functions."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from bot.core.commands import all_commands, typed_command
from bot.core.domain import Spelling
from bot.language import N_

COMMAND = "/riff"
ADMIN = "admin"
"""Slack's own command, beside those that Riff has everywhere."""

SPELLING = Spelling(f"{COMMAND} ", own=((ADMIN, N_("settings of this workspace, for its admins")),))
"""How commands are written here."""


def as_typed(text: str) -> str:
    """One of Riff's own sentences with its commands as Slack has them."""
    return _known().sub(rf"{COMMAND} \g<name>", text)


def as_command(words: str) -> str:
    """What follows `/riff` as a line for the pipeline."""
    return f"/{words.lstrip('/ ')}" if words.strip() else "/help"


def is_link(line: str) -> bool:
    """Whether the line is about linking accounts, where people are told whose account is meant."""
    return line.lower().split(None, 1)[:1] == ["/link"]


def is_admin(line: str) -> bool:
    """Whether the line is for the workspace's admins."""
    return _name(line) == ADMIN


def own_command_meant(line: str) -> str:
    """The command of Slack's own that a mistyped name is nearest to; "" where one of Riff's is nearer."""
    name = _name(line)
    if name in all_commands():
        return ""
    nearest = process.extractOne(name, [*all_commands(), ADMIN], scorer=fuzz.ratio, score_cutoff=55)
    return f"{COMMAND} {ADMIN}" if nearest and nearest[0] == ADMIN else ""


def _name(line: str) -> str:
    typed = typed_command(line)
    return typed.name if typed else ""


@cache
def _known() -> re.Pattern[str]:
    names = "|".join(sorted(all_commands(), key=len, reverse=True))
    return re.compile(rf"(?<![\w/])/(?P<name>{names})\b")
