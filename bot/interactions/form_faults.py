"""What is wrong in a filled form, by field, told before it is taken: so that whoever filled it can change it there."""

from bot.config.settings import LimitSettings
from bot.core.commands.declaration import PICKED, Command, Kind, Option, Verb, all_commands
from bot.core.commands.option_values import checked, field_fault, missing
from bot.core.domain import Invocation, Place, Values
from bot.core.errors import CommandError
from bot.core.forms import BETWEEN
from bot.generation.applications.template_commands import USE, command_of, template_named
from bot.language import _
from storage.repositories.workspaces import Templates


async def declared_form(name: str, templates: Templates, place: Place) -> tuple[Command, Verb] | None:
    """The command and verb that a form is of, a workspace's template among them; None for a form of another kind."""
    command_name, between, verb_name = name.partition(BETWEEN)
    command: Command | None = all_commands().get(command_name)
    if command_name == USE:
        template = await template_named(templates, place, verb_name)
        command = None if template is None else command_of(template)
    verb = command.verb(verb_name) if between and command is not None else None
    return None if command is None or verb is None else (command, verb)


def faults_in(command: Command, verb: Verb, filled: Values, limits: LimitSettings) -> dict[str, str]:
    """What does not fit, what is missing, or else what the command itself refuses; nothing where all is well."""
    typed = {
        name: option.within(limits) for name in filled if (option := verb.option(name)) and _is_typed(option)
    }
    faults = {name: fault for name, option in typed.items() if (fault := field_fault(option, filled[name]))}
    if faults:
        return faults
    values = checked(command, verb, {name: filled[name] for name in typed})
    left_out = missing(verb, values)
    if left_out is not None and left_out.name in filled:
        return {left_out.name: _("Please fill this in.")}
    return _refused(verb, Invocation(command.name, verb.name, values), limits)


def _is_typed(option: Option) -> bool:
    """Whether a person writes or chooses it; what is picked or handed over is as the platform gives it."""
    return option.kind not in PICKED and option.kind is not Kind.FILE


def _refused(verb: Verb, invocation: Invocation, limits: LimitSettings) -> dict[str, str]:
    """What does not go together is told at the first field, as it is of several."""
    if verb.brief is None or not verb.asked_in_form:
        return {}
    try:
        verb.brief(invocation, limits)
    except CommandError as error:
        return {verb.asked_in_form[0]: error.say}
    return {}
