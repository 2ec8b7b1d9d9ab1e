"""Which form opens when somebody uses a command and says too little, and what a filled form comes to.

Every command that must be told something has one: what it asks for is declared with its verb, or derived
(`Verb.asked_in_form`). What is wrong in a filled one is in `bot.interactions.form_faults`.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.config.settings import LimitSettings
from bot.core.commands.declaration import Command, Verb, all_commands, command_named
from bot.core.commands.option_values import is_blank
from bot.core.commands.parsing import typed_command
from bot.core.domain import Account, Invocation, Place, Values
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN, COMBINE, Form, form_of, hidden_in
from bot.core.notices import Notice
from bot.interactions.actions import Actions
from bot.interactions.resolver import Ask, Resolved, resolve
from bot.language import N_, _
from storage.repositories import Repositories
from storage.repositories.workspaces import Templates


async def asked_in_form(line: str, templates: Templates, place: Place) -> Resolved | None:
    """The verb whose form asks for what a typed line leaves out; None where it says enough, or is no command.

    Raises CommandError for a line that cannot be understood, and StorageError.
    """
    typed = typed_command(line)
    command = None if typed is None or typed.rest else all_commands().get(typed.name)
    if command is not None and command.opens:
        return _blank(command, command.opens)
    asked = await resolve(line, templates, place)
    return asked if asked is not None and wants_form(asked) else None


def opened_by(name: str) -> Resolved | None:
    """What a button that opens the form of the command of that name asks for; None for one that has no form."""
    command = all_commands().get(name)
    asked = _blank(command, command.opens or command.default) if command is not None else None
    return asked if asked is not None and wants_form(asked) else None


def _blank(command: Command, verb: str) -> Resolved | None:
    found = command.verb(verb)
    return None if found is None else Resolved(command, found, Invocation(command.name, verb))


async def form_for(
    asked: Resolved,
    author: Account,
    place: Place,
    repositories: Repositories,
    limits: LimitSettings,
    *,
    by_admin: bool,
) -> Form | None:
    """The form, with what was said in it; None where enough was said, or the verb has none.

    Raises CommandError where only admins may fill it, and StorageError.
    """
    if not wants_form(asked):
        return None
    if asked.is_for_admins(place) and not by_admin:
        raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
    opened = asked.command.verb(asked.verb.opens) if asked.verb.opens else None
    return await form_of_verb(
        asked.command,
        opened or asked.verb,
        author,
        place,
        repositories,
        limits,
        given=asked.invocation.values,
    )


def wants_form(asked: Resolved) -> bool:
    """Whether so little was said that a form has to ask; known without looking anything up."""
    values = asked.invocation.values
    if not values:
        return bool(asked.verb.asked_in_form or asked.verb.opens)
    needed = (
        option for name in asked.verb.asked_in_form if (option := asked.verb.option(name)) and option.required
    )
    suffices = any(option.suffices and option.name in values for option in asked.verb.options)
    return not suffices and any(is_blank(values.get(option.name, "")) for option in needed)


async def form_of_verb(
    command: Command,
    verb: Verb,
    author: Account,
    place: Place,
    repositories: Repositories,
    limits: LimitSettings,
    *,
    given: Values | None = None,
    hidden: Mapping[str, str] | None = None,
) -> Form:
    """The form of a verb with what is kept, and what is `given`, in it. `hidden` values go with it unseen."""
    values: Values = {**(given or {}), **(hidden or {})}
    if verb.prefill is not None:
        values = {**await verb.prefill(repositories, author, place, values), **values}
    return form_of(command, verb, limits, values, hidden)


async def opened(
    name: str,
    author: Account,
    place: Place,
    repositories: Repositories,
    limits: LimitSettings,
    *,
    is_admin: Callable[[], Awaitable[bool]],
) -> Form | Notice:
    """What a button comes to that opens the form of the command of that name; without a form, what to type.

    Raises CommandError where there is no such command, or only admins may use it, and StorageError.
    """
    command = command_named(name)
    verb = next((one for one in command.verbs if one.form), command.verbs[0])
    if command.is_for_admins(verb, {}, direct=place.direct) and not await is_admin():
        raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
    if not verb.form:
        return Notice(_("Type it like this: {example}", example=_(command.example)))
    return await form_of_verb(command, verb, author, place, repositories, limits)


# What a filled form comes to: an invocation of its command, or what the button asked for that opened it.


_UNKNOWN = N_("I don't know that form any more; please open it again.")
_EARLIER = "ask-"
"""What names of forms began with that were opened before an upgrade: a command's name follows, or "template"."""
_EARLIER_NAMES = {
    "brainstorm": ("brainstorm", ""),
    "profile": ("profile", "edit"),
    "template": ("template", "add"),
    "voice": ("voice", "edit"),
    "voice-learn": ("voice", "learn"),
}
_EARLIER_FIELDS = {
    "brand_voice": "description",
    "use_words": "use",
    "avoid_words": "avoid",
    "voice_examples": "examples",
}
"""Fields of the earlier form "voice"."""


class FormAnswers:
    """Takes filled forms of `bot.core.forms`."""

    def __init__(self, repositories: Repositories) -> None:
        self._templates = repositories.templates
        self._actions = Actions(repositories)

    async def submit(self, name: str, target: str, filled: Values, author: Account, place: Place) -> Ask:
        """What the author asks for in the place; raises CommandError with what to change, and StorageError."""
        if name == COMBINE:
            chosen = filled.get("others", ())
            others = chosen if isinstance(chosen, tuple) else (chosen,)
            return await self._actions.combine([target, *map(str, others)], author, place)
        command, verb = _named(name, target)
        hidden = hidden_in(target) if BETWEEN in name else {}
        values = _of_known_fields(
            command, verb, {_now(name, field): filled[field] for field in filled} | hidden
        )
        asked = await resolve(Invocation(command, verb, values), self._templates, place)
        if asked is None:
            raise CommandError(_(_UNKNOWN))
        return asked.asked()


def _now(name: str, field: str) -> str:
    """What a field is called now."""
    return _EARLIER_FIELDS.get(field, field) if name == "voice" else field


def _of_known_fields(command: str, verb: str, values: Values) -> Values:
    """Without what an earlier form asked for and the command no longer takes."""
    known = all_commands().get(command)
    found = known.verb(verb) if known else None
    return values if found is None else {name: values[name] for name in values if found.option(name)}


def _named(name: str, target: str) -> tuple[str, str]:
    """The command and verb that a form is of, also one that was opened before an upgrade."""
    command, between, verb = name.partition(BETWEEN)
    if between:
        return command, verb
    if name == f"{_EARLIER}template":
        return "use", target
    if name in _EARLIER_NAMES:
        return _EARLIER_NAMES[name]
    if name.startswith(_EARLIER):
        return name.removeprefix(_EARLIER), ""
    raise CommandError(_(_UNKNOWN))
