"""Forms and values of every command, for properties that hold for all of them."""

from collections.abc import Sequence

from bot.config.settings import LimitSettings
from bot.core.commands import Kind, Option, all_commands
from bot.core.domain import Value
from bot.core.forms import Form, form_of

_LISTS = frozenset({Kind.WORDS, Kind.ROWS})
_NUMBERS = frozenset({Kind.NUMBER, Kind.HOUR})


def forms_holding(text: str, words: Sequence[str]) -> list[Form]:
    """The form of every verb that has one, with `text` in its texts and `words` in its lists."""
    return [
        form_of(
            command,
            verb,
            LimitSettings(),
            {option.name: _held(option, text, words) for option in verb.options},
        )
        for command in all_commands().values()
        for verb in command.verbs
        if verb.form
    ]


def _held(option: Option, text: str, words: Sequence[str]) -> Value:
    if option.choices:
        return option.choices[:1] if option.kind is Kind.CHOICES else option.choices[-1]
    if option.kind is Kind.FLAG:
        return True
    if option.kind in _NUMBERS:
        return option.least
    return tuple(words) if option.kind in _LISTS else text
