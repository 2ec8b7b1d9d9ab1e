"""How commands are written where people read of them: typed after a slash or a word, or as a platform links them.

What there is comes from the declarations, and, where a platform registers commands, from what it registered.
"""

from bot.core.commands.declaration import Command, Verb, all_commands
from bot.core.commands.parsing import parse, typed_command
from bot.core.commands.usage_lines import usage_of_verb
from bot.core.domain import Spelling, Value
from bot.core.errors import CommandError
from bot.language import _


def commands_of(spelling: Spelling) -> list[Command]:
    """The commands that people have there, in alphabetical order."""
    heads = None if spelling.registered is None else {name.partition(" ")[0] for name in spelling.registered}
    return [command for command in all_commands().values() if heads is None or command.name in heads]


def called(spelling: Spelling, name: str, verb: str = "") -> str:
    """The command as people write it, or as a link to it."""
    full = f"{name} {verb}".strip()
    if spelling.registered is None:
        return f"{spelling.prefix}{full}"
    number = spelling.registered.get(full)
    return f"</{full}:{number}>" if number else f"`/{full}`"


def called_whole(spelling: Spelling, command: Command) -> str:
    """The command; where only its verbs can be linked, the one that it is used with most."""
    if spelling.registered is None or command.name in spelling.registered:
        return called(spelling, command.name)
    named = [verb.name for verb in command.verbs if verb.name]
    return called(spelling, command.name, command.opens or command.default or named[0])


def example_of(spelling: Spelling, command: Command) -> str:
    """An example of its use; where options are given by name, with their names."""
    example = _(command.example)
    typed = typed_command(example)
    if typed is None:
        return example
    if spelling.registered is None:
        return f"{spelling.prefix}{example.removeprefix('/')}"
    try:
        meant = parse(command, typed.rest)
    except CommandError:
        return example
    given = " ".join(f"{name}: {_value(value)}" for name, value in meant.values.items())
    return f"`/{f'{command.name} {meant.verb}'.strip()} {given}`".replace(" `", "`")


def usage(spelling: Spelling, command: Command, verb: Verb) -> str:
    """How a verb of the command is used: what it takes, in the order in which it is typed, or by name."""
    if spelling.registered is None:
        return f"{spelling.prefix}{usage_of_verb(command, verb).removeprefix('/')}"
    options = " ".join(f"`{option.typed_name}`" for option in verb.options)
    return f"{called(spelling, command.name, verb.name)} {options}".strip()


def _value(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
