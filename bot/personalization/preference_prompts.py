"""Wishes that a person has again and again, and the one question whether Riff shall remember one."""

import re
from collections import Counter
from collections.abc import Iterable

from bot.core.buttons import Action, ActionKind, Button, Panel
from bot.core.channel import Channel
from bot.core.commands.declaration import command_named, verb_of
from bot.core.commands.parsing import parse, typed_command
from bot.core.domain import Invocation, Place, Profile
from bot.core.errors import CommandError
from bot.core.notices import Notice
from bot.language import N_, _
from storage.repositories import Repositories
from storage.values.personal import StoredSuggestion
from storage.values.records import StoredMessage

TIMES = 3
"""How often a wish must have been had before the person is asked."""
Wish = tuple[str, str]
"""A field of the profile, and the value that was wished for."""

_CHOICES = ("length", "tone")
_LONGEST = 100
_CUES: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(pattern, re.IGNORECASE))
    for wish, pattern in (
        (
            ("length", "short"),
            r"\b(?:shorter|briefer|more concise|keep it short|too long)\b|短一?[点些]|简短|太长",
        ),
        (
            ("length", "long"),
            r"\b(?:longer|more detail(?:ed)?|in more depth|too short)\b|[长详]细?一?[点些]|太短",
        ),
        (("tone", "formal"), r"\b(?:more formal(?:ly)?|less casual)\b|正式一?[点些]"),
        (("tone", "playful"), r"\b(?:more playful(?:ly)?|funnier|less formal)\b|活泼一?[点些]|有趣一?[点些]"),
        (("tone", "bold"), r"\bbolder\b|大胆一?[点些]"),
        (("tone", "plain"), r"\b(?:plainer|simpler words)\b|朴素一?[点些]"),
    )
)
_MOST_CUE_CHARACTERS = 80
"""A longer text is about something else."""


def wishes_in(text: str, asked: Invocation | None = None) -> frozenset[Wish]:
    """What is asked of tone, length and audience, by options of the creative command or in the text's own words."""
    if asked is None:
        cues = _CUES if len(text) <= _MOST_CUE_CHARACTERS else ()
        return frozenset(wish for wish, pattern in cues if pattern.search(text))
    verb = verb_of(asked.command, asked.verb)
    if verb is None or verb.brief is None:
        return frozenset()
    given = {name: " ".join(asked.text(name).lower().split()) for name in (*_CHOICES, "audience")}
    return frozenset((name, value) for name, value in given.items() if value and len(value) <= _LONGEST)


def wishes_before(message: StoredMessage) -> frozenset[Wish]:
    """What an earlier question asked for; the options of a command stand in the line that is kept of it."""
    if not message.command:
        return wishes_in(message.content)
    verb, typed = verb_of(message.command, message.verb), typed_command(message.content)
    if verb is None or verb.brief is None or typed is None:
        return frozenset()
    try:
        return wishes_in(message.content, parse(command_named(message.command), typed.rest))
    except CommandError:  # what is kept may have parts redacted
        return frozenset()


def repeated(latest: frozenset[Wish], earlier: Iterable[frozenset[Wish]]) -> Wish | None:
    """A wish of the latest that was had often enough; None where there is none."""
    counted = Counter(wish for wishes in earlier for wish in wishes)
    often = sorted(wish for wish in latest if counted[wish] + 1 >= TIMES)
    return often[0] if often else None


def question(wish: Wish) -> str:
    """The question, in the reader's language; an audience is not repeated, for it is in the person's words."""
    field, value = wish
    match field:
        case "length":
            asked = _("Shall I remember that you prefer {length} answers?", length=_(value))
        case "tone":
            asked = _("Shall I remember that you prefer a {tone} tone?", tone=_(value))
        case _:
            asked = _("Shall I remember the audience that you named now and before?")
    return f"{asked} {_('Type /profile yes or /profile no; I ask this only once.')}"


# Asks a person once whether Riff shall remember a wish that they keep having: never silently, never twice.


_LATELY = 30
"""How many of the person's latest questions are looked at."""


async def ask_once(
    repositories: Repositories,
    channel: Channel,
    *,
    person_id: int,
    place: Place,
    profile: Profile,
    wishes: frozenset[Wish],
) -> None:
    """Puts the question where a wish was repeated; where others read, only wishes from that channel count."""
    if not wishes:
        return
    asked = await repositories.threads.asked_lately(person_id, _LATELY, place=None if place.direct else place)
    wish = repeated(wishes, map(wishes_before, asked[1:]))
    if wish is None or getattr(profile, wish[0]).lower() == wish[1]:
        return
    suggestion = await repositories.suggestions.ask(person_id, *wish)
    if suggestion is None:
        return
    target = str(suggestion.id)
    buttons = (
        Button(Action(ActionKind.REMEMBER, target), _("Yes, remember"), "primary"),
        Button(Action(ActionKind.DECLINE, target), _("No")),
    )
    await channel.panel(Panel(Notice(question(wish)), buttons=buttons))


# What a person answers to the question whether Riff shall remember a wish of theirs.


_REMEMBERED = N_("I remember it from now on. /profile show lists it, and /profile delete forgets it again.")
_DECLINED = N_("I don't remember it, and won't ask again.")


async def answered(
    repositories: Repositories, person_id: int, *, yes: bool, suggestion_id: int | None = None
) -> Notice:
    """Remembers what the person was asked about, or that they want it not; raises CommandError, StorageError."""
    suggestion = await repositories.suggestions.answer(person_id, yes=yes, suggestion_id=suggestion_id)
    if suggestion is None:
        raise CommandError(
            _("There is no open question of mine to you; /profile show lists what I remember.")
        )
    return await _kept(repositories, person_id, suggestion)


async def _kept(repositories: Repositories, person_id: int, suggestion: StoredSuggestion) -> Notice:
    if suggestion.answer != "yes":
        return Notice(_(_DECLINED))
    await repositories.people.update_profile(person_id, {suggestion.field: suggestion.value})
    return Notice(_(_REMEMBERED))
