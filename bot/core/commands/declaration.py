"""What a command is: declared once, typed, for every platform; and where the commands are found.

Usage lines, help, the text parser, completion, forms and a platform's native options are all derived from these
values (`parsing`, `option_values`, `usage_lines`, `command_lines`, `bot.core.forms`, `bot.interactions.completion`), so
that none of them can disagree. Labels, summaries and placeholders are English, marked with N_. Each module of
`bot.commands` that has a COMMAND, or several COMMANDS, adds to them.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Self, TypeAlias

from rapidfuzz import process

import bot.commands as package
from bot.config.settings import LimitSettings
from bot.core.commands.call import MakeBrief, Run
from bot.core.domain import Account, Place, Value, Values
from bot.core.errors import CommandError
from bot.language import _
from storage.repositories import Repositories

SHORT = 200
"""Characters of a line."""
LONG = 2000
"""Characters of several lines."""
PASTED = 3000
"""Characters of pasted text in a form: as many as an input of Slack takes."""


class Kind(StrEnum):
    """What an option takes, and the type of its value."""

    TEXT = "text"  # one line: str
    LINES = "lines"  # several lines: str
    PASTE = "paste"  # text that is pasted, and so not searched for options: str
    WORDS = "words"  # words with commas between, or a line each: tuple[str, ...]
    ROWS = "rows"  # a line each: tuple[str, ...]
    NUMBER = "number"  # a whole number: int
    HOUR = "hour"  # an hour of the day, "9" or "9:00": int
    NUMBERS = "numbers"  # numbers of ideas, "1 3" or "#2 and 4": tuple[int, ...]
    FLAG = "flag"  # bool; typed without a value
    CHOICE = "choice"  # one of `choices`: str
    CHOICES = "choices"  # some of them: tuple[str, ...]
    CHANNELS = "channels"  # picked in a form, by their ids: tuple[str, ...]
    PEOPLE = "people"  # likewise
    ROLES = "roles"  # likewise
    FILE = "file"  # what a file says that is handed over; its text, pasted, where none can be: str


PICKED = frozenset({Kind.CHANNELS, Kind.PEOPLE, Kind.ROLES})
"""What only a platform can list."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a person can say to a command.

    `label` is what a form calls it, `hint` helps to fill it, `placeholder` stands for it in usage lines; `asks` is
    said where it is missing or cannot be read (fields: command, verb, usage, example).
    What is `positional` is typed without its name, in the order of declaration; all else as `--name value`. What
    `suffices` makes everything that is `required` unnecessary.
    `least` and `most` bound numbers, and `most_characters` texts; `limited_by` names the setting of LimitSettings
    that bounds a number, which forms show and the command checks.
    `choices` are Riff's own words, which are translated where they are shown, unless `labels` says what they are
    called; `aliases` are other words for them, and `about` tells of each in a line. `widens` is the choice that reaches
    beyond the place. Of words and rows there are at most `most_parts`, each of at most `most_characters`.
    `completes` names a source of completions that depend on the place (`bot.interactions.completion`).
    `default` is what a form shows at first, and never a value of its own. `splits_off` takes what is meant for the
    option off the end of words without a name: it gives what is left of them, and the option's words, or "".
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    placeholder: str = ""
    positional: bool = False
    required: bool = False
    suffices: bool = False
    hint: str = ""
    asks: str = ""
    least: int = 1
    most: int = 10_000
    limited_by: str = ""
    most_characters: int = 0
    most_parts: int = 0
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    widens: str = ""
    completes: str = ""
    default: Value = ""
    splits_off: Callable[[str], tuple[str, str]] | None = None

    @property
    def typed_name(self) -> str:
        """The name as people type it after `--`."""
        return self.name.replace("_", "-")

    @property
    def longest(self) -> int:
        """Characters that a form lets people write."""
        if self.most_characters and not self.most_parts:
            return self.most_characters
        if self.kind in {Kind.PASTE, Kind.FILE}:
            return PASTED
        return LONG if self.kind in {Kind.LINES, Kind.WORDS, Kind.ROWS} else SHORT

    def within(self, limits: LimitSettings) -> Self:
        """The option with the bounds that the settings give it."""
        if not self.limited_by:
            return self
        most: int = getattr(limits, self.limited_by)
        default = min(self.default, most) if isinstance(self.default, int) else self.default
        return replace(self, least=1, most=most, default=default)


Prefill: TypeAlias = Callable[[Repositories, Account, Place, Values], Awaitable[Values]]
"""What is kept of a person or place, as values that a form opens with, by what is given already."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a command does: `/session start` is the verb "start" of "session".

    A creative one has `brief`, beside or in place of `run`. `for_admins`: refused to whom the platform does not
    let manage the workspace. `private`: the answer is for the person who asked, where a platform can do that.
    `form` names the options that its form asks for, in order; see `asked_in_form` where it names none. `opens` is
    the verb whose form opens in its place where it says nothing. With `prefill` its form shows what is kept; an
    option that is then given as empty clears that. With `fills_first` words without a name all go to the first option
    that has none. What one `destroys` cannot be had back, so that it is never suggested for a typo.
    """

    name: str
    summary: str
    options: tuple[Option, ...] = ()
    run: Run | None = None
    brief: MakeBrief | None = None
    for_admins: bool = False
    private: bool = False
    destroys: bool = False
    form: tuple[str, ...] = ()
    opens: str = ""
    prefill: Prefill | None = None
    fills_first: bool = False
    title: str = ""
    submit: str = ""

    @property
    def takes_blanks(self) -> bool:
        """Whether an empty value means something: that what is kept shall go."""
        return self.prefill is not None

    @property
    def asked_in_form(self) -> tuple[str, ...]:
        """What its form asks for: where none is declared, what must be given and what is typed in order with it."""
        if self.form or self.opens or self.destroys or not any(option.required for option in self.options):
            return self.form
        return tuple(option.name for option in self.options if option.required or option.positional)

    def takes_words(self, named: Collection[str] = ()) -> tuple[Option, ...]:
        """The options that words without a name go to, where those in `named` are given by their names."""
        free = tuple(option for option in self.options if option.positional and option.name not in named)
        return free[:1] if self.fills_first else free

    def option(self, name: str) -> Option | None:
        """The option of that name, as it is declared or as it is typed."""
        wanted = name.lower().replace("_", "-")
        return next((option for option in self.options if option.typed_name == wanted), None)


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its verbs; one that does a single thing has a single verb whose name is "".

    `default` is the verb that is meant where none is typed, "" where one must be; `opens` the one whose form opens
    then, where a platform has forms. `direct_is_own`: in their direct messages people do as admins do with what
    concerns only these.
    """

    name: str
    summary: str
    example: str
    verbs: tuple[Verb, ...]
    default: str = ""
    opens: str = ""
    direct_is_own: bool = False

    @property
    def destroys(self) -> bool:
        """Whether it is for nothing but destroying."""
        named = [verb for verb in self.verbs if verb.name]
        return bool(named) and all(verb.destroys for verb in named)

    def verb(self, name: str) -> Verb | None:
        """The verb of that name."""
        return next((verb for verb in self.verbs if verb.name == name), None)

    def is_for_admins(self, verb: Verb, values: Values, *, direct: bool) -> bool:
        """Whether only those may do this who manage the workspace."""
        reaches = any(option.widens and values.get(option.name) == option.widens for option in verb.options)
        return verb.for_admins and (reaches or not (direct and self.direct_is_own))


def command_of_one(
    name: str,
    summary: str,
    example: str,
    options: tuple[Option, ...] = (),
    run: Run | None = None,
    *,
    private: bool = False,
) -> Command:
    """A command that does a single thing."""
    return Command(name, summary, example, (Verb("", summary, options, run, private=private),))


@cache
def all_commands() -> dict[str, Command]:
    """Every command by name, in alphabetical order."""
    found: list[Command] = []
    for module in iter_modules(package.__path__):
        loaded = import_module(f"{package.__name__}.{module.name}")
        found += [loaded.COMMAND] if hasattr(loaded, "COMMAND") else getattr(loaded, "COMMANDS", [])
    return {command.name: command for command in sorted(found, key=lambda command: command.name)}


def command_named(name: str) -> Command:
    """The command; raises CommandError for a name that does not exist, with the nearest one that does."""
    command = all_commands().get(name)
    if command is not None:
        return command
    known = [command.name for command in all_commands().values() if not command.destroys]
    nearest = process.extractOne(name, known, score_cutoff=55)
    if nearest:
        raise CommandError(_("I don't know that command. Did you mean /{command}?", command=nearest[0]))
    raise CommandError(_("I don't know that command. Type /help to see what there is."))


def verb_of(command: str, verb: str) -> Verb | None:
    """The verb of a command, or the command's default where it has none of that name; None for neither."""
    known = all_commands().get(command)
    return None if known is None else known.verb(verb) or known.verb(known.default)


def is_private(command: str, verb: str) -> bool:
    """Whether what the verb answers is for whoever asked only."""
    found = verb_of(command, verb)
    return found is not None and found.private
