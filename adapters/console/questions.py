"""A form as questions in the terminal, one a line: Enter takes what stands there, a word leaves it."""

from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.text import Text

from bot.config.settings import LimitSettings
from bot.core.commands import PICKED, Command, Kind, Option, Verb
from bot.core.commands.option_values import field_fault, is_blank
from bot.core.domain import Value
from bot.core.forms import Form, choice_lines, field_choices, field_chosen, field_text
from bot.core.text_cleaning import neutralise_terminal
from bot.interactions.form_faults import faults_in
from bot.language import N_, _

Ask = Callable[[str], Awaitable[str | None]]
"""Asks for a line with a prompt of its own; None where there is none any more."""
CANCEL = N_("cancel")
"""The word that leaves the questions."""
NOTHING = "-"
"""What clears an answer that stands there already."""


class Questions:
    """Asks what a form asks for; `say` shows a line."""

    def __init__(self, console: Console, ask: Ask, limits: LimitSettings) -> None:
        self._console = console
        self._ask = ask
        self._limits = limits

    async def answers(self, form: Form, command: Command, verb: Verb) -> dict[str, Value] | None:
        """The values by field; None where the person left, or where the input ended. Says what has to be changed."""
        self._say(form.title, "bold")
        self._say(
            _(
                "Enter takes what stands in brackets, {nothing} clears it, and “{word}” leaves.",
                nothing=NOTHING,
                word=_(CANCEL),
            ),
            "dim",
        )
        values: dict[str, Value] = {}
        asked = [field for field in form.fields if field.kind not in PICKED and field.kind is not Kind.FILE]
        while asked:
            for field in asked:
                value = await self._answer(field)
                if value is None:
                    self._say(_("Left. Nothing was changed."), "yellow")
                    return None
                values[field.name] = value
            faults = faults_in(command, verb, values, self._limits)
            for fault in faults.values():
                self._say(fault, "yellow")
            asked = [field for field in asked if field.name in faults]
        return values

    async def _answer(self, field: Option) -> Value | None:
        """What is said to one question, asked again until it fits."""
        self._explain(field)
        held = _held(field)
        while True:
            line = await self._ask(f"{_asked(field)} [{held}] " if held else f"{_asked(field)} ")
            if line is None or line.strip().casefold() in {CANCEL, _(CANCEL).casefold()}:
                return None
            given: Value = _kept(field) if not line.strip() else "" if line.strip() == NOTHING else line
            given = _choice_at(field, given)
            fault = field_fault(field, given)
            if not fault and field.required and is_blank(given):
                fault = _("Please fill this in.")
            if not fault:
                return given
            self._say(fault, "yellow")

    def _explain(self, field: Option) -> None:
        """What can be chosen, with a line on each; else the hint."""
        about = choice_lines(field)
        choices = () if field.kind is Kind.FLAG else field_choices(field)
        for number, (value, label) in enumerate(choices, start=1):
            line = f"{label}: {about[value]}" if value in about else label
            self._say(f"  {number}. {line}", "dim")
        if field.hint:
            self._say(f"  {_(field.hint)}", "dim")

    def _say(self, text: str, style: str) -> None:
        self._console.print(Text(neutralise_terminal(text), style=style), soft_wrap=True)


def _asked(field: Option) -> str:
    label = _(field.label)
    return label if label.endswith(("?", "？")) else f"{label}:"


def _held(field: Option) -> str:
    """What stands there, as a person reads it."""
    called = dict(field_choices(field))
    if field.kind is Kind.FLAG:
        return called["yes" if field.default else "no"]
    if called:
        return ", ".join(called[each] for each in field_chosen(field))
    return " / ".join(field_text(field).splitlines())


def _kept(field: Option) -> Value:
    """What Enter takes."""
    return field.default if field.kind is not Kind.FLAG else bool(field.default)


def _choice_at(field: Option, given: Value) -> Value:
    """Choices may be given by their numbers; a flag by yes and no in the person's language."""
    if not isinstance(given, str) or not given:
        return given
    choices = field_choices(field)
    if field.kind is Kind.FLAG:
        return given.strip().casefold() in {choices[0][0], choices[0][1].casefold()}
    named = [choices[int(each) - 1][0] if _is_at(each, len(choices)) else each for each in given.split(",")]
    return ",".join(named) if choices else given


def _is_at(typed: str, most: int) -> bool:
    number = typed.strip()
    return number.isascii() and number.isdecimal() and len(number) < 3 and 1 <= int(number) <= most
