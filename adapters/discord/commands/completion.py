"""What Discord offers while a person types an option: techniques, tones, time zones, brand voices, templates."""

from zoneinfo import available_timezones

from rapidfuzz import process

from adapters.discord.commands import session_options
from bot.config.settings import LimitSettings
from bot.core.domain import Account, Place
from bot.core.forms import brainstorm_form
from bot.core.repositories import Repositories
from bot.generation.applications.template_briefs import scope_in
from bot.session.techniques import TECHNIQUES

_SHOWN = 25
_OF_TEMPLATES = frozenset({"use", "template"})


async def completions(
    repositories: Repositories, command: str, option: str, typed: str, author: Account, place: Place
) -> list[str]:
    """Up to 25 values that fit what was typed, the nearest first; raises StorageError."""
    if command == session_options.NAME:
        return _nearest(typed, _of_sessions(option))
    if command in _OF_TEMPLATES and option == "name":
        held = await repositories.templates.of(scope_in(place))
        return _nearest(typed, tuple(str(one["name"]) for one in held))
    if option == "voice":
        person = await repositories.people.find(author)
        own = (await repositories.people.profile(person)).brand_voice if person is not None else ""
        known = tuple(
            dict.fromkeys(filter(None, ((await repositories.channels.voice(place)).brand_voice, own)))
        )
        return _nearest(typed, known) or ([typed] if typed else [])
    fields = {field.name: field for field in brainstorm_form(LimitSettings()).fields}
    choices = fields[option].choices if option in fields else ()
    return _nearest(typed, tuple(value for value, _ in choices))


def _of_sessions(option: str) -> tuple[str, ...]:
    if option == "technique":
        return tuple(technique.key for technique in TECHNIQUES)
    return tuple(sorted(available_timezones())) if option == "zone" else ()


def _nearest(typed: str, known: tuple[str, ...]) -> list[str]:
    if not typed.strip():
        return list(known[:_SHOWN])
    starts = [value for value in known if value.lower().startswith(typed.lower())]
    near = [found[0] for found in process.extract(typed, known, limit=_SHOWN, score_cutoff=50)]
    return list(dict.fromkeys([*starts, *near]))[:_SHOWN]
