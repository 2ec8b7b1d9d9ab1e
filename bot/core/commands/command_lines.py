"""An invocation written out as people would type it: what moderation reads and the history keeps.

`parse(command, ...)` of what `render` wrote is the same invocation again, for every command and all values.
"""

import re
from enum import IntEnum

from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.commands.parsing import parse
from bot.core.domain import Invocation, Value
from bot.core.errors import CommandError

_PLAIN_WORD = re.compile(r"[^\s\"“”\\\-—=][^\s\"“”\\]*")
"""What needs no quotes as the value of an option."""


class _Style(IntEnum):
    """How plainly words are written, the plainest first."""

    PLAIN = 0
    QUOTED = 1
    NAMED = 2


def render(command: Command, invocation: Invocation) -> str:
    """The line, as plain as it can be read back."""
    lines = (_line(command, invocation, style) for style in _Style)
    return next(
        (line for line in lines if _means(command, line, invocation)),
        _line(command, invocation, _Style.NAMED),
    )


def _means(command: Command, line: str, invocation: Invocation) -> bool:
    try:
        return parse(command, line.removeprefix(f"/{command.name}")) == invocation
    except CommandError:
        return False


def _line(command: Command, invocation: Invocation, style: _Style) -> str:
    verb = command.verb(invocation.verb) or Verb(invocation.verb, "")
    given = [
        (option, invocation.values[option.name])
        for option in verb.options
        if option.name in invocation.values
    ]
    takes_words = () if style is _Style.NAMED else verb.takes_words()
    free = [(option, value) for option, value in given if option in takes_words]
    named = [_named(option, value) for option, value in given if option not in takes_words]
    words = [_free(option, value, style) for option, value in free]
    head = (f"/{command.name}", invocation.verb)
    if any(option.kind is Kind.PASTE for option, _value in free):
        return "\n".join((" ".join(filter(None, (*head, *named))), *words))
    return " ".join(filter(None, (*head, *words, *named)))


def _free(option: Option, value: Value, style: _Style) -> str:
    if option.kind is Kind.FLAG:
        return option.typed_name
    if style is _Style.QUOTED and option.kind in {Kind.TEXT, Kind.LINES, Kind.PASTE}:
        return _quoted(text_of(option, value))
    return text_of(option, value)


def _named(option: Option, value: Value) -> str:
    if option.kind is Kind.FLAG:
        return f"--{option.typed_name}" if value else ""
    text = text_of(option, value)
    return f"--{option.typed_name} {text if _PLAIN_WORD.fullmatch(text) else _quoted(text)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def text_of(option: Option, value: Value) -> str:
    """A value as it is typed, or stands in a form's field; words that hold a comma have a line each."""
    if not isinstance(value, tuple):
        return str(value)
    if option.kind is Kind.NUMBERS:
        return " ".join(map(str, value))
    parts = [str(part) for part in value]
    by_line = option.kind is Kind.ROWS or any("," in part for part in parts)
    return "\n".join(parts) if by_line else ", ".join(parts)
