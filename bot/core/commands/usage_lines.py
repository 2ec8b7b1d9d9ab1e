"""How a command is typed, in the current locale."""

from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.language import N_, _

_FEW = 5
_PLACEHOLDERS = {Kind.NUMBER: "N", Kind.HOUR: "N", Kind.NUMBERS: "N ...", Kind.WORDS: "W,W"}


def usage_of(command: Command) -> str:
    """The command in one line, verbs with "|" between."""
    lines = (typed for verb in command.verbs if (typed := _typed(verb)))
    return f"/{command.name} {' | '.join(lines)}".strip()


def usage_of_verb(command: Command, verb: Verb) -> str:
    """One verb of the command in a line."""
    return f"/{command.name} {_typed(verb)}".strip()


def _typed(verb: Verb) -> str:
    free = verb.takes_words()
    suffices = any(option.suffices for option in verb.options)
    options = (_option(option, option in free, option.required and not suffices) for option in verb.options)
    return " ".join(filter(None, (verb.name, *options)))


def _option(option: Option, is_free: bool, is_required: bool) -> str:
    value = placeholder_of(option)
    if option.kind is Kind.FLAG:
        typed = f"--{option.typed_name}"
    else:
        typed = value if is_free else f"--{option.typed_name} {value}"
    return typed if is_required else f"[{typed}]"


def placeholder_of(option: Option) -> str:
    """What stands for the option's value."""
    if option.placeholder:
        return _(option.placeholder)
    if option.choices and len(option.choices) <= _FEW:
        return "|".join(option.choices)
    return _(_PLACEHOLDERS.get(option.kind, N_("TEXT")))
