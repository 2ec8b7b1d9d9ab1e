"""What fits while somebody types a value: choices, time zones, brand voices, templates, numbers of ideas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from rapidfuzz import process, utils

from bot.core.commands.declaration import Option
from bot.core.commands.registry import all_commands
from bot.core.domain import Account, Place
from bot.core.forms import field_choices
from bot.core.repositories import Repositories
from bot.generation.applications.template_commands import scope_in
from bot.generation.applications.templates import template_from
from bot.language import _

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
            return nearest(typed, (Completion(name, name) for name in sorted(available_timezones())))
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
            held = map(template_from, await repositories.templates.of(scope_in(place)))
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
