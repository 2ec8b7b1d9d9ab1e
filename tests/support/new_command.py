"""A command that is added as one file, as whoever writes one adds it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bot.commands
from bot.core.commands import all_commands

SOURCE = '''
"""`/pack`: what to take along."""

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.notices import Notice

_OPTIONS = (
    Option("days", "For how many days?", Kind.NUMBER, "DAYS", positional=True, most=30),
    Option(
        "place",
        "Where to?",
        placeholder="PLACE",
        positional=True,
        required=True,
        asks="Where to? Say /pack list sea",
    ),
    Option("weather", "Which weather?", Kind.CHOICE, choices=("sun", "rain", "snow")),
    Option("with", "Who comes along?", Kind.WORDS),
    Option("light", "As little as possible", Kind.FLAG),
)


async def _list(call: Call) -> Answer:
    asked = call.invocation
    days, weather = asked.number("days") or 1, asked.text("weather") or "any weather"
    light = "little" if asked.flag("light") else "all"
    return Notice(f"{light} for {days} days at {asked.text('place')} in {weather} with {len(asked.words('with'))}")


async def _clear(call: Call) -> Answer:
    return Notice("Nothing is packed.")


COMMAND = Command(
    "pack",
    "what to take along",
    "/pack list 3 the sea",
    (
        Verb(
            "list",
            "A list for a trip",
            _OPTIONS,
            _list,
            private=True,
            form=("place", "days", "weather", "with", "light"),
            title="Pack",
        ),
        Verb("clear", "Unpack", run=_clear, for_admins=True),
    ),
    default="list",
)
'''
"""The whole of it."""


@contextmanager
def pack_added(folder: Path) -> Iterator[None]:
    """`/pack` is one of Riff's commands inside."""
    (folder / "pack.py").write_text(SOURCE, encoding="utf-8")
    bot.commands.__path__.append(str(folder))
    all_commands.cache_clear()
    try:
        yield
    finally:
        bot.commands.__path__.remove(str(folder))
        sys.modules.pop("bot.commands.pack", None)
        all_commands.cache_clear()
