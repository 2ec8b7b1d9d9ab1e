"""Checks what was typed, chosen or filled in, and gives it the type that its option declares.

Text, forms and native options all come through here: nothing else makes values of an invocation.
"""

import re
from collections.abc import Mapping

from rapidfuzz import process, utils

from bot.core.commands.declaration import PICKED, Command, Kind, Option, Verb
from bot.core.commands.number_words import NUMBER, number_in
from bot.core.commands.usage_lines import usage_of
from bot.core.domain import Value, Values
from bot.core.errors import CommandError
from bot.core.text_cleaning import clean
from bot.language import _
from bot.language.terms import by_name, names_of

_ONE_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_NUMBERS = re.compile(
    rf"(?:ideas?\s+)?#?(?:{NUMBER})(?:(?:\s*[,，、]\s*|\s+and\s+|\s*和\s*|\s*\+\s*|\s+)#?(?:{NUMBER}))*",
    re.IGNORECASE,
)
_NUMERIC = frozenset({Kind.NUMBER, Kind.HOUR})
_EXACT, _NEAR = 100, 75
"""How like a choice a mistyped one is, of 100."""
_NO = frozenset({"", "no", "off", "false", "0"})


def checked(command: Command, verb: Verb, raw: Mapping[str, object]) -> dict[str, Value]:
    """Values as a form, a native option, a line or the inbox gives them, as their types; without the empty ones.

    Raises CommandError for a value that does not fit, or that the verb has no option for.
    """
    for name in raw:
        if verb.option(name) is None:
            raise unknown_option(name, verb)
    given = {option.name: value for name, value in raw.items() if (option := verb.option(name))}
    read = {
        option.name: _read(command, verb, option, given[option.name])
        for option in verb.options
        if option.name in given
    }
    return {name: value for name, value in read.items() if verb.takes_blanks or not is_blank(value)}


def is_blank(value: Value) -> bool:
    """Whether nothing was said."""
    return value is False or value in ("", ())


def missing(verb: Verb, values: Values) -> Option | None:
    """The first option that is required and was not given."""
    if any(option.suffices and option.name in values for option in verb.options):
        return None
    needed = (option for option in verb.options if option.required)
    return next((option for option in needed if is_blank(values.get(option.name, ""))), None)


def refuse_missing(command: Command, verb: Verb, values: Values) -> None:
    """Raises CommandError that asks for what is missing."""
    option = missing(verb, values)
    if option is None:
        return
    if option.asks:
        raise CommandError(_asked(command, verb, option))
    name = _(option.label).rstrip("?？")
    raise CommandError(
        _("{field} is missing. For example: {example}", field=name, example=_(command.example))
    )


def unknown_option(typed: str, verb: Verb) -> CommandError:
    """Names the nearest option, or all of them."""
    names = [option.typed_name for option in verb.options]
    nearest = process.extractOne(typed.lower(), names, score_cutoff=60)
    if nearest:
        return CommandError(
            _("That option is not one of this command's; did you mean --{option}?", option=nearest[0])
        )
    listed = ", ".join(f"--{name}" for name in names) or "-"
    return CommandError(_("That option is not one of this command's; there are: {names}.", names=listed))


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers of ideas, where the text is nothing else: "1 3", "#2 and four"; each once."""
    if not _NUMBERS.fullmatch(text.strip()):
        return ()
    found = (number_in(number) for number in _ONE_NUMBER.findall(text))
    return tuple(dict.fromkeys(number for number in found if number is not None))


def words_in(text: str) -> tuple[str, ...]:
    """A list as a person types it: a line each where there are several, else with commas between."""
    lines = rows_in(text)
    parts = lines if len(lines) > 1 else re.split("[,，、]", text)
    return tuple(part.strip() for part in parts if part.strip())


def rows_in(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class UnfitError(Exception):
    """The value does not fit; says why, and `at_field` of a form shorter; or what the option `asks` says it better."""

    def __init__(self, say: str, at_field: str = "", *, asks: bool = True) -> None:
        super().__init__(say)
        self.say = say
        self.at_field = at_field or say
        self.asks = asks


def field_fault(option: Option, raw: object) -> str:
    """What is wrong with what stands in a field of a form; "" where nothing is."""
    try:
        value = read_value(option, raw)
    except UnfitError as error:
        return error.at_field
    if isinstance(value, int) and option.kind in _NUMERIC and not option.least <= value <= option.most:
        return _whole_number(option)
    return ""


def _whole_number(option: Option) -> str:
    return _("A whole number from {least} to {most}, please.", least=option.least, most=option.most)


def _read(command: Command, verb: Verb, option: Option, raw: object) -> Value:
    try:
        return read_value(option, raw, exactly=verb.destroys)
    except UnfitError as error:
        say = _asked(command, verb, option) if option.asks and error.asks else error.say
        raise CommandError(say) from error


def _asked(command: Command, verb: Verb, option: Option) -> str:
    return _(
        option.asks,
        command=command.name,
        verb=verb.name,
        usage=usage_of(command),
        example=_(command.example),
        names=names_of(option.choices),
    )


def read_value(option: Option, raw: object, *, exactly: bool = False) -> Value:
    """The value as the option's type; "", () or False for what was left empty. A near miss is none `exactly`."""
    match option.kind:
        case Kind.FLAG:
            return raw if isinstance(raw, bool) else _joined(raw).strip().lower() not in _NO
        case Kind.NUMBER | Kind.HOUR:
            return _number(option, _joined(raw).strip())
        case Kind.NUMBERS:
            return _numbers(_joined(raw).strip())
        case Kind.CHOICE:
            return _choice(option, _joined(raw), exactly=exactly)
        case Kind.CHOICES:
            parts = raw if isinstance(raw, tuple | list) else str(raw).split(",")
            return tuple(filter(None, (_choice(option, str(part)) for part in parts)))
        case Kind.WORDS:
            return _few(option, words_in(_joined(raw, "\n")))
        case Kind.ROWS:
            return _few(option, rows_in(_joined(raw, "\n")))
        case kind if kind in PICKED:
            return words_in(_joined(raw, ","))
    text = clean(_joined(raw))
    text = " ".join(text.split()) if option.kind is Kind.TEXT else text
    if option.most_characters and len(text) > option.most_characters:
        raise UnfitError(
            _(
                "{field} takes at most {most} characters.",
                field=f"--{option.typed_name}",
                most=option.most_characters,
            ),
            _("At most {most} characters, please.", most=option.most_characters),
            asks=False,
        )
    return text


def _few(option: Option, parts: tuple[str, ...]) -> tuple[str, ...]:
    most, each = option.most_parts, option.most_characters
    if most and (len(parts) > most or any(len(part) > each for part in parts)):
        told = _("At most {most} entries of {each} characters each, please.", most=most, each=each)
        raise UnfitError(f"--{option.typed_name}: {told}", told, asks=False)
    return parts


def _number(option: Option, typed: str) -> Value:
    if not typed:
        return ""
    hour = typed.partition(":")[0] if option.kind is Kind.HOUR else typed.removeprefix("#")
    number = number_in(hour)
    name = f"--{option.typed_name}"
    if option.limited_by and number is not None:
        return number
    if option.limited_by:
        raise UnfitError(_("{field} takes a whole number.", field=name), _whole_number(option))
    if number is None or not option.least <= number <= option.most:
        bounds = {"least": option.least, "most": option.most}
        told = _("{name} takes a whole number from {least} to {most}.", name=name, **bounds)
        raise UnfitError(told, _whole_number(option))
    return number


def _numbers(typed: str) -> tuple[int, ...]:
    numbers = numbers_in(typed)
    if typed and not numbers:
        raise UnfitError(_("Which ideas? Give their numbers, for example: 1 3"))
    return numbers


def _choice(option: Option, typed: str, *, exactly: bool = False) -> str:
    """The choice a person meant; a near miss is taken as the nearest."""
    if not typed.strip():
        return ""
    if typed in option.choices:
        return typed
    called = {_(label).lower(): choice for label, choice in zip(option.labels, option.choices, strict=False)}
    known = called | dict(option.aliases) | by_name(option.choices)
    nearest = process.extractOne(
        typed, list(known), processor=utils.default_process, score_cutoff=_EXACT if exactly else _NEAR
    )
    if nearest is None:
        option_name = option.typed_name
        raise UnfitError(
            _("--{option} can be: {choices}.", option=option_name, choices=names_of(option.choices))
        )
    return known[nearest[0]]


def _joined(raw: object, between: str = " ") -> str:
    """What was given, as one text."""
    if isinstance(raw, tuple | list):
        return clean(between.join(map(str, raw)))
    return "" if raw is None or raw is False else clean(str(raw))
