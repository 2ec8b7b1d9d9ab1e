"""The verbs of `/voice` and `/template`, and `/use`, as native commands; templates themselves cannot be some cheaply.

https://docs.discord.com/developers/interactions/application-commands: a guild has at most 100 commands of an
application, and registering takes time, so that a workspace's templates are chosen by name, with completion.
"""

import re
from collections.abc import Mapping
from typing import Any

from adapters.discord.commands.session_options import STRING, Option, Verb
from bot.language import N_

_FOR = Option(STRING, "for", N_("Here, or in the whole server"), "--for", choices=("channel", "workspace"))
_FIELDS = ("description", "use", "avoid", "examples")
_NAME = Option(STRING, "name", N_("Which template?"), required=True, completes=True)

VERBS: Mapping[str, tuple[Verb, ...]] = {
    "voice": (
        Verb("show", N_("The brand voice here"), (_FOR,)),
        Verb(
            "set",
            N_("Set a part of the brand voice; without one, a form"),
            (
                Option(STRING, "field", N_("Which part?"), choices=_FIELDS),
                Option(STRING, "value", N_("What it should be"), most=2000),
                _FOR,
            ),
        ),
        Verb(
            "clear",
            N_("Clear the brand voice, or a part of it"),
            (Option(STRING, "field", N_("Which part?"), choices=_FIELDS), _FOR),
        ),
        Verb("learn", N_("Learn the brand voice from texts that you paste")),
        Verb("approve", N_("Use the voice that was learned"), (_FOR,)),
        Verb("discard", N_("Drop the voice that was learned"), (_FOR,)),
    ),
    "template": (
        Verb("list", N_("The templates of this server")),
        Verb("show", N_("How a template is made"), (_NAME,)),
        Verb("add", N_("Add a template, or change one")),
        Verb("remove", N_("Remove a template"), (_NAME,)),
    ),
}
_MARKS = re.compile('["“”]')
USE = "use"
USE_OPTIONS = (
    Option(STRING, "name", N_("Which template?"), completes=True),
    Option(STRING, "words", N_("What it is about; without, a form"), most=2000),
)


def as_typed(name: str, verb: str, values: Mapping[str, Any]) -> str:
    """The command as people would type it."""
    known = next((one.options for one in VERBS.get(name, ()) if one.name == verb), USE_OPTIONS)
    given = [(option, str(values[option.name])) for option in known if option.name in values]
    words = [" ".join(value.split()) for option, value in given if not option.flag]
    plain = [(option.flag, _MARKS.sub("'", value)) for option, value in given if option.flag]
    named = [f'{flag} "{value}"' for flag, value in plain]
    return " ".join(filter(None, (f"/{name}", verb, *words, *named)))
