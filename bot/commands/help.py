"""`/help`: what Riff can do."""

from collections.abc import Iterable

from bot.commands.use import template_lines
from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Option, command_of_one
from bot.core.commands.usage_lines import usage_of, usage_of_verb
from bot.core.errors import CommandError
from bot.generation.applications.template_commands import command_of, template_named
from bot.language import N_, _


async def _help(call: Call) -> Answer:
    from bot.core.commands.declaration import all_commands  # the registry imports this file

    name = call.text("command").lstrip("/").lower().partition(" ")[0]
    if not name:
        return await _all(call, all_commands().values())
    template = await template_named(call.repositories.templates, call.incoming.place, name)
    if template is not None:
        return _explained(command_of(template), f"/use {template.name}")
    if name not in all_commands():
        raise CommandError(_("There is no such command. Type /help to see them all."))
    return _explained(all_commands()[name], f"/{name}")


def _explained(command: Command, typed: str) -> str:
    """What the command does, how it is typed, and an example; of one with verbs, what each does."""
    first = f"{typed}: {_(command.summary)}"
    usage = _("Usage: {usage}", usage=usage_of(command))
    if len(command.verbs) > 1:
        each = (f"{usage_of_verb(command, verb)}: {_(verb.summary)}" for verb in command.verbs if verb.name)
        usage = "\n".join(each)
    return "\n".join((first, usage, _("Example: {example}", example=_(command.example))))


async def _all(call: Call, commands: Iterable[Command]) -> str:
    lines = [
        _(
            "/{command}: {summary}. Example: {example}",
            command=command.name,
            summary=_(command.summary),
            example=_(command.example),
        )
        for command in commands
    ]
    more = await template_lines(call)
    own = [_("Templates of this workspace:"), *more] if more else []
    return "\n".join([_("Ask me anything in your own words, or use a command:"), *lines, *own])


COMMAND = command_of_one(
    "help",
    N_("what I can do"),
    "/help brainstorm",
    (
        Option(
            "command", N_("Which command?"), placeholder=N_("COMMAND"), positional=True, completes="commands"
        ),
    ),
    _help,
    private=True,
)
