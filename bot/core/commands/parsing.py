"""Reads what a person typed after a command's name, by the command's declaration. The only parser of commands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.commands.number_words import leading_count, number_in
from bot.core.commands.option_values import UnfitError, checked, read_value, unknown_option
from bot.core.commands.usage_lines import usage_of, usage_of_verb
from bot.core.domain import Invocation, Value
from bot.core.errors import CommandError
from bot.language import _

_COMMAND = re.compile(r"\s*/(?P<name>[a-z][a-z0-9-]*)(?=\s|$)(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_QUOTED = r'"(?:[^"\\]|\\.)*"|“[^”]*”'
_DASHES, _LONG_DASH = ("--", "—"), "—"
"""What an option begins with; phones make one dash of two, and people write one dash for other things."""
_OPTION = re.compile(r"(?P<dashes>--|—)(?P<name>[a-z][a-z_-]*)(?![\w-])(?P<equals>\s*=\s*)?", re.IGNORECASE)
_VALUE = re.compile(rf"\s*(?:(?P<quoted>(?:{_QUOTED})(?=\s|$))|(?P<word>(?!--|—)\S+))", re.DOTALL)
_TOKEN = re.compile(rf"\s+|(?:{_QUOTED})(?=\s|$)|\S+", re.DOTALL)
_LEADING_QUOTED = re.compile(rf"(?P<quoted>{_QUOTED})(?=\s|$)(?P<rest>.*)", re.DOTALL)
_LAST_OPTION = re.compile(
    rf"(?:^|.*\s)(?P<option>--[a-z][a-z_-]*(?:\s*=\s*|\s+)(?:{_QUOTED}|[^\s\"]\S*))\s*",
    re.DOTALL | re.IGNORECASE,
)
_NUMERIC = frozenset({Kind.NUMBER, Kind.HOUR})

Raw = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that has the form of a command, whether there is one of that name or not."""

    name: str
    rest: str


class _StrayWords(Exception):
    """There are words that no option takes."""


def typed_command(text: str) -> Typed | None:
    """The command's name and all that follows it; None when `text` has not the form of a command."""
    found = _COMMAND.fullmatch(text)
    return Typed(found["name"].lower(), found["rest"].strip()) if found else None


def parse(command: Command, rest: str) -> Invocation:
    """What follows a command's name, as an invocation of it; raises CommandError that says what to change.

    An option that is required may lack: see `values.missing`.
    """
    verb, words = _verb_of(command, rest)
    return parse_verb(command, verb, words)


def parse_verb(command: Command, verb: Verb, words: str) -> Invocation:
    """What follows a verb; raises CommandError."""
    named, others = _named(verb, words)
    others = _split_off(verb, named, others.strip())
    try:
        raw = _positional(verb.takes_words(named), others) | named
    except _StrayWords as error:
        usage = usage_of_verb(command, verb)
        raise CommandError(_("I didn't understand that. Usage: {usage}", usage=usage)) from error
    return Invocation(command.name, verb.name, checked(command, verb, raw))


def _split_off(verb: Verb, named: Raw, words: str) -> str:
    """The words without what they end in for an option that is not `named`, which it is then."""
    for option in verb.options:
        if option.splits_off is not None and option.name not in named:
            words, value = option.splits_off(words)
            if value:
                named[option.name] = value
    return words


def _verb_of(command: Command, rest: str) -> tuple[Verb, str]:
    """The verb that a line begins with, and what follows it."""
    typed, after = first_word(rest)
    verb = command.verb(typed.lower()) if typed else None
    if verb is not None and verb.name:
        return verb, after
    fallback = command.verb(command.default)
    if fallback is not None and (not typed or typed.startswith(_DASHES) or fallback.takes_words()):
        return fallback, rest
    names = [verb.name for verb in command.verbs if verb.name and not verb.destroys]
    nearest = process.extractOne(typed.lower(), names, score_cutoff=60) if typed else None
    hint = _("Did you mean /{command} {verb}?", command=command.name, verb=nearest[0]) if nearest else ""
    raise CommandError(f"{hint} {_('Usage: {usage}', usage=usage_of(command))}".strip())


def first_word(text: str) -> tuple[str, str]:
    """The first word, and the rest; any white space is between them."""
    first, *rest = text.split(None, 1) or [""]
    return first, rest[0].strip() if rest else ""


def _named(verb: Verb, text: str) -> tuple[Raw, str]:
    """What is given as `--name value`, and the other words; pasted text may have such words of its own."""
    is_pasted = any(option.positional and option.kind is Kind.PASTE for option in verb.options)
    return _around_paste(verb, text) if is_pasted else _anywhere(verb, text)


def _anywhere(verb: Verb, text: str) -> tuple[Raw, str]:
    named: Raw = {}
    left: list[str] = []
    at, starts_word = 0, True
    while at < len(text):
        if starts_word and (read := _option_at(verb, text, at)):
            name, value, at = read
            named[name] = value
            continue
        token = _TOKEN.match(text, at)
        assert token is not None  # noqa: S101 - every character is white space or not
        left.append(token[0])
        starts_word = token[0].isspace()
        at = token.end()
    return named, "".join(left)


def _option_at(verb: Verb, text: str, at: int) -> tuple[str, Value, int] | None:
    """The option that stands there, its value and where it ends; raises CommandError for one that there is not."""
    found = _OPTION.match(text, at)
    if found is None:
        return None
    option = verb.option(found["name"])
    if option is None and found["dashes"] == _LONG_DASH:
        return None
    if option is None:
        raise unknown_option(found["name"], verb)
    if option.kind is Kind.FLAG and not found["equals"]:
        return option.name, True, found.end()
    value = _VALUE.match(text, found.end())
    if value is None:
        raise CommandError(_("--{option} needs a value after it.", option=option.typed_name))
    return option.name, unquoted(value["quoted"] or value["word"]), value.end()


def _around_paste(verb: Verb, text: str) -> tuple[Raw, str]:
    """Options before pasted text, or after all of it."""
    named: Raw = {}
    text = text.strip()
    while text.startswith("--") and (read := _option_at(verb, text, 0)):
        name, value, end = read
        named[name] = value
        text = text[end:].strip()
    while found := _LAST_OPTION.fullmatch(text):
        typed = _OPTION.match(found["option"])
        if typed is None or verb.option(typed["name"]) is None:
            break
        read = _option_at(verb, found["option"], 0)
        assert read is not None  # noqa: S101 - it matched before
        named.setdefault(read[0], read[1])
        text = text[: found.start("option")].strip()
    return named, text


def _positional(options: Sequence[Option], words: str) -> Raw:
    """The words in the order of the options that take them; raises _StrayWords for words that none takes."""
    if not words:
        return {}
    if not options:
        raise _StrayWords
    first, rest = options[0], options[1:]
    if first.kind in _NUMERIC:
        return _number_first(first, rest, words)
    if first.kind is Kind.FLAG:
        word, after = first_word(words)
        given = word.lower() == first.typed_name
        return ({first.name: True} if given else {}) | _positional(rest, after if given else words)
    if not rest:
        return {first.name: unquoted(words)}
    if quoted := _LEADING_QUOTED.fullmatch(words):
        return {first.name: unquoted(quoted["quoted"])} | _positional(rest, quoted["rest"].strip())
    if rest[0].kind in _NUMERIC:
        return _up_to_a_number(first, rest, words)
    word, after = first_word(words)
    return {first.name: word} | _positional(rest, after)


def _number_first(option: Option, rest: Sequence[Option], words: str) -> Raw:
    """A number before other words; what is no number is left to the options after it."""
    if rest and not words[0].isdecimal() and rest[0].kind is Kind.CHOICE and _understands(rest[0], words):
        return _positional(rest, words)  # "six hats" is a technique
    if rest and (counted := leading_count(words)):
        return {option.name: counted[0]} | _positional(rest, counted[1])
    word, after = first_word(words)
    needs_more = any(other.required for other in rest)
    is_number = _is_number(option, word) and not after and not needs_more
    if is_number or not rest:
        return {option.name: words}
    return _positional(rest, words)


def _up_to_a_number(option: Option, rest: Sequence[Option], words: str) -> Raw:
    """Text without quotes goes up to a number from which on the other options understand all."""
    for found in re.finditer(r"(?<!\s)\s+(?=\d)", words):
        try:
            others = _positional(rest, words[found.end() :])
        except _StrayWords:
            continue
        if all(_understands(other, others[other.name]) for other in rest if other.name in others):
            return {option.name: words[: found.start()]} | others
    return {option.name: words}


def _understands(option: Option, raw: Value) -> bool:
    try:
        read_value(option, raw)
    except UnfitError:
        return False
    return True


def _is_number(option: Option, word: str) -> bool:
    return number_in(word.partition(":")[0] if option.kind is Kind.HOUR else word) is not None


def unquoted(text: str) -> str:
    """The text without the quotes around all of it; a quote or backslash inside follows a backslash."""
    stripped = text.strip()
    if re.fullmatch(r'"(?:[^"\\]|\\.)*"', stripped, re.DOTALL):
        return re.sub(r'\\(["\\])', r"\1", stripped[1:-1])
    return stripped[1:-1] if re.fullmatch("“[^”]*”", stripped) else text
