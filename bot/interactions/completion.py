"""What fits while somebody types: a value, or what stands at the end of a line."""

import asyncio
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from rapidfuzz import process, utils

from bot.core.commands.declaration import Command, Kind, Option, Verb, all_commands
from bot.core.commands.usage_lines import placeholder_of
from bot.core.domain import Account, Place
from bot.core.forms import field_choices
from bot.generation.applications.template_commands import USE, command_of, template_named, templates_in
from bot.language import _
from bot.places.time_zones import cities_named
from storage.errors import StorageError
from storage.repositories import Repositories

SHOWN = 25
"""As many as Discord takes."""
_NEAR = 50


@dataclass(frozen=True, slots=True)
class Completion:
    """A value, and what people read for it."""

    value: str
    label: str


async def completions(
    repositories: Repositories | None, option: Option, typed: str, author: Account, place: Place
) -> list[Completion]:
    """Up to 25 values of an option that fit what was typed, the nearest first; raises StorageError.

    Without `repositories` only those that need no memory.
    """
    if option.choices:
        return nearest(typed, (Completion(value, label) for value, label in field_choices(option)))
    match option.completes:
        case "zones":
            return await asyncio.to_thread(
                _zones, typed
            )  # the list of towns is read once, which takes a moment
        case "commands":
            every = all_commands().values()
            return nearest(typed, (Completion(one.name, f"{one.name}: {_(one.summary)}") for one in every))
    return [] if repositories is None else await _remembered(repositories, option, typed, author, place)


async def _remembered(
    repositories: Repositories, option: Option, typed: str, author: Account, place: Place
) -> list[Completion]:
    match option.completes:
        case "voices":
            found = nearest(typed, await _voices(repositories, author, place))
            return found or ([Completion(typed, typed)] if typed else [])
        case "templates":
            held = await templates_in(repositories.templates, place)
            return nearest(typed, (Completion(one.name, f"{one.name}: {one.summary}") for one in held))
        case "board":
            return await _board_ideas(repositories, typed, place)
    return []


def nearest(typed: str, known: Iterable[Completion]) -> list[Completion]:
    """Those that fit, what begins with the text first."""
    every = list(dict.fromkeys(known))
    wanted = utils.default_process(typed)
    if not wanted:
        return every[:SHOWN]
    texts = [
        utils.default_process(f"{one.value} {one.label if one.label != one.value else ''}") for one in every
    ]
    starts = [
        one for one in every if any(utils.default_process(part).startswith(wanted) for part in _parts(one))
    ]
    near = [
        every[at] for _text, _score, at in process.extract(wanted, texts, limit=SHOWN, score_cutoff=_NEAR)
    ]
    return list(dict.fromkeys([*starts, *near]))[:SHOWN]


def _zones(typed: str) -> list[Completion]:
    """Zones and towns that begin so, before what is only near: "Leipzig" has no zone of its name."""
    zones = nearest(typed, (Completion(name, name) for name in sorted(available_timezones())))
    wanted = utils.default_process(typed)
    begin = [
        one for one in zones if any(utils.default_process(part).startswith(wanted) for part in _parts(one))
    ]
    towns = [Completion(city.zone, city.label) for city in cities_named(typed, SHOWN)]
    return list({one.label: one for one in (*begin[: SHOWN // 2], *towns, *zones)}.values())[:SHOWN]


def _parts(one: Completion) -> tuple[str, ...]:
    """What people may begin with: a time zone's city, too."""
    return (one.value, one.label, *one.value.split("/")[1:])


async def _voices(repositories: Repositories, author: Account, place: Place) -> Sequence[Completion]:
    """The voice of the place, and the person's own."""
    person = await repositories.people.find(author)
    own = (await repositories.people.profile(person)).brand_voice if person is not None else ""
    here = (await repositories.channels.voice(place)).brand_voice
    return [Completion(voice, voice) for voice in (here, own) if voice]


async def _board_ideas(repositories: Repositories, typed: str, place: Place) -> list[Completion]:
    """The ideas on the board of the brainstorm that runs here, by their numbers; the last number is completed."""
    brainstorm = await repositories.brainstorms.running_in(place)
    if brainstorm is None:
        return []
    before, _space, last = typed.rpartition(" ")
    cards = await repositories.boards.cards(brainstorm.id)
    named = [Completion(str(card.number), f"{card.number}. {card.title}"[:80]) for card in cards]
    found = [one for one in named if one.value.startswith(last)] or nearest(last, named)
    return [Completion(f"{before} {one.value}".strip(), one.label) for one in found[:SHOWN]]


# What fits at the end of a line while somebody types a command: its name, verbs, options, values, templates.


_TYPED = re.compile(r"/(?P<name>[a-z][a-z0-9-]*)\s+(?P<words>.*)", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"(?<![a-z_-])--(?P<name>[a-z][a-z_-]*+)(?:\s*=\s*|\s+|$)", re.IGNORECASE)
_NAMED = re.compile(rf'{_OPTION.pattern}(?:"[^"]*"|[^\s"]\S*)?', re.IGNORECASE)
_WORD = re.compile(r'"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class Offer:
    """What can stand in place of the last `replaced` characters of the line, and what it is."""

    text: str
    replaced: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LineCompletion:
    """Completes lines of one person in one place; without `repositories` only what needs no memory."""

    author: Account
    place: Place
    repositories: Repositories | None = None

    async def offers(self, line: str) -> list[Offer]:
        """What fits at the end of the line; where memory is away, what needs none."""
        try:
            return await self._offers(line)
        except StorageError:
            return await replace(self, repositories=None)._offers(line)

    async def _offers(self, line: str) -> list[Offer]:
        typed = _TYPED.fullmatch(line)
        if typed is None:
            return await self._names(line) if line.startswith("/") else []
        command, words = await self._command(typed["name"].lower(), typed["words"])
        if command is None:
            return []
        if len(command.verbs) == 1:
            return await self._of_verb(command.verbs[0], words)
        name, space, rest = words.partition(" ")
        if not space:
            return _verbs(command, name)
        verb = command.verb(name.lower())
        return [] if verb is None else await self._of_verb(verb, rest)

    async def _names(self, line: str) -> list[Offer]:
        """Commands, and the workspace's templates."""
        known = {command.name: _(command.summary) for command in all_commands().values()}
        held = await templates_in(self.repositories.templates, self.place) if self.repositories else []
        known |= {template.name: template.summary for template in held}
        wanted = line[1:].lower()
        return [Offer(f"/{name}", len(line), what) for name, what in known.items() if name.startswith(wanted)]

    async def _command(self, name: str, words: str) -> tuple[Command | None, str]:
        """The command that the line is of, a template where it is one, and what follows it."""
        wanted, after = name, words
        if name == USE:
            wanted, space, after = words.partition(" ")
            wanted = wanted if space else ""
        elif name in all_commands():
            return all_commands()[name], words
        if wanted and self.repositories is not None:
            template = await template_named(self.repositories.templates, self.place, wanted)
            if template is not None:
                return command_of(template), after
        return all_commands().get(name), words

    async def _of_verb(self, verb: Verb, words: str) -> list[Offer]:
        """Values and options that fit after a verb."""
        before, last = _last_word(words)
        used = {option.name for each in _OPTION.finditer(before) if (option := verb.option(each["name"]))}
        if last.startswith("--"):
            return _options(verb, used, last)
        waiting = _waiting(verb, before)
        if waiting is not None:
            return await self._values(waiting, last)
        free = verb.takes_words(used)
        given = len(_WORD.findall(_NAMED.sub(" ", before)))
        offers = await self._values(free[given], last) if given < len(free) else []
        return offers if offers or last else _options(verb, {*used, *(option.name for option in free)}, last)

    async def _values(self, option: Option, typed: str) -> list[Offer]:
        if option.kind is Kind.FLAG:
            return [Offer(option.typed_name, len(typed), _(option.label))]
        found = await completions(self.repositories, option, typed.strip('"'), self.author, self.place)
        return [Offer(_quoted(one.value), len(typed), one.label) for one in found]


def _last_word(words: str) -> tuple[str, str]:
    """What stands before the word that is being typed, and that word; what a quote opens is one."""
    if words.count('"') % 2:
        at = words.rindex('"')
    else:
        at = max((found.end() for found in re.finditer(r"\s", words)), default=0)
    return words[:at], words[at:]


def _verbs(command: Command, typed: str) -> list[Offer]:
    return [
        Offer(verb.name, len(typed), _(verb.summary))
        for verb in command.verbs
        if verb.name and verb.name.startswith(typed.lower())
    ]


def _options(verb: Verb, used: Collection[str], typed: str) -> list[Offer]:
    return [
        Offer(f"--{option.typed_name}", len(typed), f"{_(option.label)} {_value(option)}".strip())
        for option in verb.options
        if option.name not in used and f"--{option.typed_name}".startswith(typed.lower())
    ]


def _value(option: Option) -> str:
    return "" if option.kind is Kind.FLAG else f"({placeholder_of(option)})"


def _waiting(verb: Verb, before: str) -> Option | None:
    """The option whose value comes next."""
    found = list(_OPTION.finditer(before))
    option = verb.option(found[-1]["name"]) if found and found[-1].end() == len(before) else None
    return None if option is None or option.kind is Kind.FLAG else option


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
