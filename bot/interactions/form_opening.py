"""Which form opens when somebody uses a command and says too little."""

from collections.abc import Mapping

from bot.config.settings import LimitSettings
from bot.core.commands.declaration import Command, Verb
from bot.core.commands.values import is_blank
from bot.core.domain import Account, Place
from bot.core.errors import CommandError
from bot.core.forms import Form, form_of
from bot.core.repositories import Repositories
from bot.core.requests import Values
from bot.interactions.requests import Resolved
from bot.language import _


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
        return bool(asked.verb.form or asked.verb.opens)
    needed = (option for name in asked.verb.form if (option := asked.verb.option(name)) and option.required)
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
