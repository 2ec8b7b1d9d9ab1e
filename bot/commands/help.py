"""`/help`: a short page of what Riff can do, with buttons, and behind it every command, as it is written there."""

from collections.abc import Iterable, Iterator

from bot.commands.use import template_lines
from bot.core.buttons import Action, ActionKind, Button, Panel, Row, opening_buttons
from bot.core.commands.call import Answer, Call, Part
from bot.core.commands.declaration import Command, Kind, Option, command_of_one
from bot.core.commands.spelling import called, called_whole, commands_of, example_of, usage
from bot.core.commands.usage_lines import usage_of
from bot.core.domain import Spelling
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.generation.applications.template_commands import command_of, template_named
from bot.language import N_, _

ALL = "all"
"""What is typed for every command."""
_FIRST = ("brainstorm", "name", "copy", "ad", "session", "profile", "privacy")
"""What the short page names."""
_TOGETHER = 1800
"""Characters of a notice: fewer than any platform shows in one message."""


async def _help(call: Call) -> Answer:
    from bot.core.commands.declaration import all_commands  # the registry imports this file

    spelling = call.incoming.spelling
    name = call.text("command").lstrip("/").lower().partition(" ")[0]
    if not name:
        return _short(spelling)
    if name == ALL:
        return await _all(call)
    template = await template_named(call.repositories.templates, call.incoming.place, name)
    if template is not None:
        return _of_template(command_of(template), f"/use {template.name}")
    if name not in all_commands():
        raise CommandError(_("There is no such command. Type /help to see them all."))
    return tuple(_notices(_explained(all_commands()[name], spelling)))


def _short(spelling: Spelling) -> Panel:
    """What people ask for most; a surface without buttons is told what to type."""
    shown = {command.name: command for command in commands_of(spelling)}
    lines = (
        f"{called_whole(spelling, shown[name])}: {_(shown[name].summary)}" for name in _FIRST if name in shown
    )
    more = _("All commands: {command}", command=f"{called(spelling, 'help')} {ALL}")
    told = "\n".join((_("Ask me anything in your own words, or use a command:"), *lines, more))
    every = Button(Action(ActionKind.HELP, ALL), _("All commands"))
    return Panel(Notice(told), (), (*opening_buttons(), every))


async def _all(call: Call) -> Answer:
    """Every command that there is where the person asks, and the templates of their workspace."""
    spelling = call.incoming.spelling
    lines = [
        _(
            "{command}: {summary}. Example: {example}",
            command=called_whole(spelling, command),
            summary=_(command.summary),
            example=example_of(spelling, command),
        )
        for command in commands_of(spelling)
    ]
    own = [f"{called(spelling, name)}: {_(summary)}" for name, summary in spelling.own]
    parts: list[Part] = list(_notices([_("All commands:"), *lines, *own]))
    passed = [(await call.moderator.passed(line))[0] for line in await template_lines(call)]
    rows = tuple(Row(line) for line in passed if line is not None)
    return (*parts, Panel(Notice(_("Templates of this workspace:")), rows)) if rows else tuple(parts)


def _explained(command: Command, spelling: Spelling) -> Iterator[str]:
    """What the command does, how it is written, and an example; of one with verbs, what each does."""
    yield f"{called_whole(spelling, command)}: {_(command.summary)}"
    if len(command.verbs) > 1:
        for verb in command.verbs:
            if verb.name:
                yield f"{usage(spelling, command, verb)}: {_(verb.summary)}"
    else:
        yield _("Usage: {usage}", usage=usage(spelling, command, command.verbs[0]))
    yield _("Example: {example}", example=example_of(spelling, command))


def _of_template(command: Command, typed: str) -> str:
    """The same of a template, whose words are its workspace's and so are moderated."""
    lines = (
        f"{typed}: {command.summary}",
        _("Usage: {usage}", usage=usage_of(command)),
        _("Example: {example}", example=command.example),
    )
    return "\n".join(lines)


def _notices(lines: Iterable[str]) -> Iterator[Notice]:
    """The lines in as few notices as hold them."""
    held: list[str] = []
    for line in lines:
        if held and sum(map(len, held)) + len(held) + len(line) > _TOGETHER:
            yield Notice("\n".join(held))
            held = []
        held.append(line)
    if held:
        yield Notice("\n".join(held))


COMMAND = command_of_one(
    "help",
    N_("what I can do"),
    "/help brainstorm",
    (
        Option(
            "command",
            N_("Which command? Or all."),
            Kind.TEXT,
            N_("COMMAND"),
            positional=True,
            completes="commands",
        ),
    ),
    _help,
    private=True,
)
