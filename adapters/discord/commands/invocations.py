"""What a native command or a menu says, as what the core takes: typed values, as Discord typed them."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.common.attachments import File
from adapters.discord.commands.definitions import BRAINSTORM_MENU, THREAD
from adapters.discord.rendering.modals import file_of
from bot.core.commands import Command, Invocation, Kind, Option, Verb, all_commands, checked
from bot.core.domain import Brief, Task
from bot.core.errors import CommandError
from bot.interactions.resolver import Ask
from bot.language import N_, _

_SUB = frozenset({1, 2})
_NO_TEXT = N_("That message has no text that I may read.")


def flatten(options: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any], str]:
    """Of a command's options: the sub-command's name, the values by name, and which one is being typed."""
    if options and options[0].get("type") in _SUB:
        sub, values, focused = flatten(options[0].get("options", ()))
        return f"{options[0]['name']} {sub}".strip(), values, focused
    values = {option["name"]: option["value"] for option in options}
    return "", values, next((option["name"] for option in options if option.get("focused")), "")


def invoked(name: str, sub: str, values: Mapping[str, Any]) -> Invocation:
    """The use of a command; raises CommandError for a value that does not fit, or a command that went."""
    command, verb = _declared(name, sub) or (None, None)
    if command is None or verb is None:
        raise CommandError(_("I don't know that command any more. Type / to see what there is."))
    given = {
        option: value
        for option, value in values.items()
        if (option != THREAD or verb.option(THREAD)) and not _is_file(verb, option)
    }
    return Invocation(command.name, verb.name, checked(command, verb, given))


def handed_over(
    verb: Verb, values: Mapping[str, Any], data: Mapping[str, Any]
) -> tuple[str, tuple[File, ...]]:
    """The option that a file was given for, and the file; "" for none."""
    attached = (data.get("resolved") or {}).get("attachments") or {}
    for name, value in values.items():
        option = verb.option(name)
        if option is not None and _is_file(verb, name) and str(value) in attached:
            return option.name, (file_of(attached[str(value)]),)
    return "", ()


def _is_file(verb: Verb, name: str) -> bool:
    option = verb.option(name)
    return option is not None and option.kind is Kind.FILE


def option_named(name: str, sub: str, option: str) -> Option | None:
    """The option of a command, as it is declared; None for one that there is not."""
    declared = _declared(name, sub)
    return declared[1].option(option) if declared else None


def asked_by_menu(name: str, content: str) -> Ask:
    """What a menu on a message asks for; raises CommandError for a message without text."""
    if not content.strip():
        raise CommandError(_(_NO_TEXT))
    meant = (
        Invocation("brainstorm", values={"topic": content.strip()})
        if name == BRAINSTORM_MENU
        else Brief(Task.IMPROVE, content)
    )
    return Ask(f"{_(name)}: {content}", meant)


def _declared(name: str, sub: str) -> tuple[Command, Verb] | None:
    """The command, and its verb or the one that is meant without any."""
    command = all_commands().get(name)
    if command is None:
        return None
    verb = command.verb(sub) or (None if sub else command.verb(command.default))
    return None if verb is None else (command, verb)
