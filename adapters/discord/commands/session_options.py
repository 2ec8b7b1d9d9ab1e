"""The verbs of `/session` as native sub-commands: what each takes, and the words that it stands for.

https://docs.discord.com/developers/interactions/application-commands#subcommands-and-subcommand-groups
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.language import N_
from bot.session.arguments import LEAST_MINUTES, MOST_MINUTES
from bot.session.board_files import FORMATS

STRING, INTEGER, BOOLEAN = 3, 4, 5
NAME = "session"


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `flag` is what is typed for it, "" where the value stands alone."""

    kind: int
    name: str
    description: str
    flag: str = ""
    required: bool = False
    least: int = 1
    most: int = 0
    choices: tuple[str, ...] = ()
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """One sub-command."""

    name: str
    description: str
    options: tuple[Option, ...] = ()


VERBS = (
    Verb(
        "start",
        N_("Start a brainstorm in a thread of its own"),
        (
            Option(STRING, "topic", N_("What about?"), "--topic", required=True, most=300),
            Option(
                INTEGER,
                "minutes",
                N_("How long all of it takes"),
                "--minutes",
                least=LEAST_MINUTES,
                most=MOST_MINUTES,
            ),
            Option(STRING, "technique", N_("Technique"), "--technique", completes=True),
            Option(INTEGER, "votes", N_("How many votes each person has"), "--votes", most=20),
            Option(BOOLEAN, "named", N_("Show who voted for what"), "--named"),
            Option(
                INTEGER,
                "daily",
                N_("Over days, with a reminder at this hour"),
                "--daily",
                least=0,
                most=23,
            ),
            Option(
                STRING, "zone", N_("The hour's time zone, such as Europe/Berlin"), "--zone", completes=True
            ),
            Option(INTEGER, "days", N_("Over how many days"), "--days", least=3, most=60),
        ),
    ),
    Verb(
        "board",
        N_("Show the board with a map of its ideas"),
        (Option(BOOLEAN, "dark", N_("The map for a dark screen"), "--dark"),),
    ),
    Verb(
        "idea",
        N_("Put an idea on the board"),
        (Option(STRING, "text", N_("The idea"), required=True, most=1000),),
    ),
    Verb(
        "vote",
        N_("Vote for ideas; vote again to take it back"),
        (Option(STRING, "ideas", N_("Their numbers, for example: 1 3"), required=True, most=100),),
    ),
    Verb(
        "combine",
        N_("Make one idea of several"),
        (Option(STRING, "ideas", N_("Their numbers, for example: 1 3"), required=True, most=100),),
    ),
    Verb(
        "improve",
        N_("A better version of an idea"),
        (Option(INTEGER, "idea", N_("Its number"), required=True, most=10_000),),
    ),
    Verb("pause", N_("Stop the clock")),
    Verb("resume", N_("Let the clock go on")),
    Verb(
        "extend",
        N_("Give the phase more time"),
        (Option(INTEGER, "minutes", N_("How many minutes more"), most=10_080),),
    ),
    Verb(
        "skip",
        N_("On to the next step or phase"),
        (Option(STRING, "phase", N_("To which phase?"), choices=("diverge", "vote", "converge")),),
    ),
    Verb("end", N_("End the brainstorm; its outcome follows")),
    Verb(
        "export",
        N_("The board as a file"),
        (Option(STRING, "format", N_("Which kind of file"), choices=tuple(FORMATS)),),
    ),
)


def as_typed(verb: str, values: Mapping[str, Any]) -> str:
    """The command as people would type it."""
    options = next((known.options for known in VERBS if known.name == verb), ())
    given = [_typed(option, values[option.name]) for option in options if option.name in values]
    return " ".join(["/session", verb, *filter(None, given)])


def _typed(option: Option, value: Any) -> str:
    if option.kind == BOOLEAN:
        return option.flag if value else ""
    text = " ".join(str(value).split())
    if not option.flag:
        return text
    quoted = re.sub('["“”]', "'", text)
    return f'{option.flag} "{quoted}"' if option.kind == STRING else f"{option.flag} {text}"
