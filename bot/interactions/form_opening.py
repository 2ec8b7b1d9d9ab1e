"""Which form opens when somebody types a command that says too little by itself."""

from bot.config.settings import LimitSettings
from bot.core.commands import all_commands, needs_admin, read
from bot.core.domain import Place
from bot.core.errors import CommandError
from bot.core.forms import Form, learn_form, template_form, voice_form
from bot.core.repositories import Repositories
from bot.generation.applications.template_briefs import form_of, template_named
from bot.language import _


async def form_for(
    line: str, place: Place, repositories: Repositories, limits: LimitSettings, *, by_admin: bool
) -> Form | None:
    """The form for `line`; None where the line is no command, or says enough.

    Raises CommandError where only admins may fill it.
    """
    typed = read(line)
    if typed is None or typed.options:
        return None
    if needs_admin(line, direct=place.direct) and not by_admin:
        raise CommandError(_("Only those who manage this workspace can do that; ask one of them."))
    match [typed.name, *typed.words.lower().split()]:
        case ["voice", "set"]:
            return voice_form(await repositories.channels.voice(place))
        case ["voice", "learn"]:
            return learn_form()
        case ["template", "add"]:
            return template_form()
        case ["use", name] | [name] if name not in all_commands():
            template = await template_named(repositories.templates, place, name)
            return None if template is None else form_of(template)
        case [name]:
            return all_commands()[name].form(limits)
    return None
