"""What was asked for, resolved: which command and verb with which values, a workspace's templates among them."""

from dataclasses import dataclass

from bot.core.commands.command_lines import render
from bot.core.commands.declaration import Command, Verb, all_commands, command_named
from bot.core.commands.option_values import checked
from bot.core.commands.parsing import first_word, parse, parse_verb, typed_command
from bot.core.domain import Invocation, Place, Request, Value
from bot.core.errors import CommandError
from bot.generation.applications.template_commands import USE, command_of, template_named
from bot.language import _
from storage.repositories.workspaces import Templates


@dataclass(frozen=True, slots=True)
class Ask:
    """What asks for an answer as a prompt does: what it says in words, and what is meant, where that is more."""

    text: str
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """An invocation with the declaration that it is of. Nothing says that all that is required was given."""

    command: Command
    verb: Verb
    invocation: Invocation

    @property
    def is_creative(self) -> bool:
        """Whether the model answers it, with ideas or texts that all may see."""
        return self.verb.brief is not None

    def is_for_admins(self, place: Place) -> bool:
        """Whether only those may do this who manage the workspace."""
        return self.command.is_for_admins(self.verb, self.invocation.values, direct=place.direct)

    def all_said(self, text: str) -> str:
        """The text, and what the values say beyond it: nothing that a person gave may pass by moderation."""
        said = " ".join(text.split())
        free = (option.name for option in self.verb.options if not option.choices)
        given = (part for name in free for part in _texts(self.invocation.values.get(name, "")))
        if all(" ".join(part.split()) in said for part in given):
            return text
        line = render(self.command, self.invocation)
        return text if line == text else f"{text}\n{line}"

    def asked(self) -> Ask:
        """The invocation as a prompt, with its line in words."""
        return Ask(render(self.command, self.invocation), self.invocation)


async def resolve(asked: str | Invocation, templates: Templates, place: Place) -> Resolved | None:
    """The command that is meant; None for a text that is none. Values of an invocation are checked again.

    Raises CommandError for what cannot be understood, and StorageError.
    """
    if isinstance(asked, Invocation):
        return await _of_values(asked, templates, place)
    typed = typed_command(asked)
    if typed is None:
        return None
    if typed.name == USE:
        name, words = first_word(typed.rest)
        return await _of_use(name, words, templates, place)
    if typed.name not in all_commands() and (command := await _template(typed.name, templates, place)):
        return _of_words(command, typed.rest)
    command = command_named(typed.name)
    return _found(command, parse(command, typed.rest))


async def _of_values(asked: Invocation, templates: Templates, place: Place) -> Resolved:
    if asked.command == USE and not asked.verb:
        return await _of_use(asked.text("template"), asked.text("words"), templates, place)
    command = await _template(asked.verb, templates, place) if asked.command == USE else None
    if asked.command == USE and command is None:
        raise _no_template()
    command = command or command_named(asked.command)
    verb = command.verb(asked.verb or command.default)
    if verb is None:
        raise CommandError(_("I don't know that command. Type /help to see what there is."))
    values = checked(command, verb, asked.values)
    return Resolved(command, verb, Invocation(asked.command, verb.name, values))


async def _of_use(name: str, words: str, templates: Templates, place: Place) -> Resolved:
    if not name:
        command = command_named(USE)
        return _found(command, Invocation(USE))
    command_there = await _template(name, templates, place)
    if command_there is None:
        raise _no_template()
    return _of_words(command_there, words)


async def _template(name: str, templates: Templates, place: Place) -> Command | None:
    template = await template_named(templates, place, name)
    return None if template is None else command_of(template)


def _of_words(command: Command, words: str) -> Resolved:
    (verb,) = command.verbs
    return Resolved(command, verb, parse_verb(command, verb, words))


def _found(command: Command, invocation: Invocation) -> Resolved:
    verb = command.verb(invocation.verb)
    assert verb is not None  # noqa: S101 - the parser takes only verbs of the command
    return Resolved(command, verb, invocation)


def _no_template() -> CommandError:
    return CommandError(_("There is no template of that name here. Type /use to see them all."))


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(part for part in value if isinstance(part, str))
    return (value,) if isinstance(value, str) else ()
