"""Forms as platform-neutral values, derived from commands: adapters draw them as modals.

A field is an option of the command, and its `default` what stands in it when the form opens. What a filled form
comes to is in `bot.interactions.form_answers`. Texts in a field are the person's own or passed moderation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from bot.config.settings import LimitSettings
from bot.core.commands.command_lines import text_of
from bot.core.commands.declaration import PICKED, Command, Kind, Option, Verb
from bot.core.domain import Values
from bot.language import N_, _

BETWEEN = "/"
"""What is between a command and its verb in the name of their form."""
COMBINE = "combine"
"""The form that the button of an idea opens."""
FAVOURITES = "favourites"
"""The form in which somebody picks the ideas of an answer that they like."""
NOTHING = "nothing"
THEN = {
    NOTHING: N_("Nothing more"),
    "save": N_("Save them"),
    "more": N_("More like these"),
    "combine": N_("Combine them"),
}
"""What can be done with the ideas that were picked."""
_YES, _NO = "yes", "no"
"""What is chosen for a flag, as forms have no switches."""
TITLE = 24
"""Characters of a form's title in Slack; Discord takes 45."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form to open; `name` and `target` come back with what was filled in. Its texts are in the reader's language.

    `fields` hold labels and hints to translate, as options do.
    """

    name: str
    title: str
    submit: str
    fields: tuple[Option, ...] = field(default_factory=tuple)
    target: str = ""


def form_of(
    command: Command,
    verb: Verb,
    limits: LimitSettings,
    values: Values | None = None,
    hidden: Mapping[str, str] | None = None,
) -> Form:
    """The form of a verb, with `values` in its fields; `hidden` ones are not shown and come back with it."""
    fields = tuple(option for name in verb.asked_in_form if (option := verb.option(name)) is not None)
    given = values or {}
    return Form(
        f"{command.name}{BETWEEN}{verb.name}",
        _title(command, verb),
        _(verb.submit) if verb.submit else _("Go"),
        tuple(_filled(option.within(limits), given) for option in fields),
        urlencode(hidden or {}),
    )


def _title(command: Command, verb: Verb) -> str:
    """Its own, its summary where that fits, else its name."""
    said = _(verb.title or verb.summary)
    named = f"{command.name} {verb.name}".strip()
    return (said[:1].upper() + said[1:]) if len(said) <= TITLE else named.capitalize()[:TITLE]


def hidden_in(target: str) -> dict[str, str]:
    """The values that `form_of` hid."""
    return dict(parse_qsl(target))


def combine_form(idea_id: str, name: str, others: Sequence[tuple[str, str]]) -> Form:
    """Which ideas shall be combined with the one called `name`; `others` are (id, name)."""
    chosen = Option(
        "others",
        _("Combine “{name}” with", name=name[:60]),
        Kind.CHOICES,
        required=True,
        most=len(others),
        choices=tuple(each for each, _name in others),
        labels=tuple(each for _id, each in others),
    )
    return Form(COMBINE, _("Combine ideas"), _("Combine"), (chosen,), idea_id)


def favourites_form(answer_id: str, ideas: Sequence[tuple[str, str]], liked: Sequence[str]) -> Form:
    """Which ideas of an answer the person likes, and what to do with them; `ideas` are (id, name)."""
    favourites = Option(
        "ideas",
        N_("Your favourites"),
        Kind.CHOICES,
        most=len(ideas),
        choices=tuple(each for each, _name in ideas),
        labels=tuple(name for _id, name in ideas),
        default=tuple(liked),
    )
    then = Option(
        "then",
        N_("And then"),
        Kind.CHOICE,
        choices=tuple(THEN),
        labels=tuple(THEN.values()),
        default=NOTHING,
    )
    return Form(FAVOURITES, _("Pick favourites"), _("Done"), (favourites, then), answer_id)


def field_choices(option: Option) -> tuple[tuple[str, str], ...]:
    """What can be chosen in a field: each value, and what it is called in the reader's language."""
    if option.kind is Kind.FLAG:
        return (_YES, _("yes")), (_NO, _("no"))
    labels = option.labels or option.choices
    return tuple((choice, _(label)) for choice, label in zip(option.choices, labels, strict=True))


def choice_lines(option: Option) -> dict[str, str]:
    """What is told of each choice, in a line in the reader's language; nothing of most options."""
    return {choice: _(line) for choice, line in zip(option.choices, option.about, strict=False) if line}


def field_chosen(option: Option) -> tuple[str, ...]:
    """What is chosen in a field when the form opens."""
    if option.kind is Kind.FLAG:
        return (_YES,) if option.default else ()
    held = option.default if isinstance(option.default, tuple) else (option.default,)
    if option.kind in PICKED:
        return tuple(str(each) for each in held if each)
    return tuple(choice for choice in option.choices if choice in held)


def field_text(option: Option) -> str:
    """What stands in a field when the form opens, as text."""
    return text_of(option, option.default)


def _filled(option: Option, values: Values) -> Option:
    return replace(option, default=values[option.name]) if option.name in values else option
