"""Builds a creative brief out of a command's words and options, and versions of one; for the creative commands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rapidfuzz import process

from bot.config.settings import LimitSettings
from bot.core.commands.base import Answer, Building, Call, Command, Fields
from bot.core.domain import Brief, Preferences, Task
from bot.core.errors import CommandError
from bot.generation.applications.formats import LEAST_CHARACTERS
from bot.language import _
from bot.language.terms import by_name, names_of
from bot.session.combining import board_ideas_meant, subject_of
from genai.prompts import LENGTHS, LIST_TASKS, TECHNIQUES, TONES

_LEADING_COUNT = re.compile(
    r"^(?P<count>\d{1,3})\s+(?:ideas?\s+(?:for|about|on)\s+)?(?P<subject>\S.*)$", re.DOTALL
)
OPTIONS = '[--tone T] [--audience "A"] [--length short|medium|long] [--voice "V"] [--use W,W] [--avoid W,W]'
_ONLY_NUMBERS = re.compile(
    r"(?:ideas?\s+)?#?\d{1,3}(?:(?:\s*,\s*|\s+and\s+|\s*\+\s*|\s+)#?\d{1,3})*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,3}")
ABOUT_IDEAS = frozenset({Task.IMPROVE, Task.COMBINE, Task.CRITIQUE})
_SHARED = frozenset({"tone", "audience", "length", "voice", "use", "avoid"})


Refine = Callable[[Brief, Mapping[str, str]], Brief]
"""Puts a command's own options into its brief; raises CommandError."""


def creative_command(
    task: Task,
    summary: str,
    usage: str,
    example: str,
    *,
    count: int = 5,
    options: frozenset[str] = frozenset(),
    fields: Fields | None = None,
    refine: Refine | None = None,
    name: str = "",
) -> Command:
    """A command whose answer is a brief for `task`; `options` are those it takes beside the shared ones.

    `fields` are the form's, `refine` reads the options; a `name` is needed where it is not the task's.
    """
    allowed = options | _SHARED | ({"count"} if task in LIST_TASKS else set())
    called = name or task.value

    def brief(words: str, given: Mapping[str, str], limits: LimitSettings) -> Brief:
        _refuse_unknown(given, allowed)
        subject, asked = _subject_and_count(words, given, count) if task in LIST_TASKS else (words, count)
        if not subject:
            raise CommandError(_("What about? For example: {example}", example=_(example)))
        if not 1 <= asked <= limits.ideas:
            raise CommandError(
                _("I can give 1 to {most} at a time; ask for a number in that range.", most=limits.ideas)
            )
        made = _brief(task, subject, asked, given)
        return refine(made, given) if refine else made

    async def run(call: Call) -> Answer:
        if task not in ABOUT_IDEAS:
            return brief(call.words, call.options, call.limits)
        meant = await board_ideas_meant(call)
        if meant is None:
            return brief(await with_ideas_meant(call), call.options, call.limits)
        brainstorm, cards = meant
        made = brief(subject_of(cards), call.options, call.limits)
        origins = tuple(card.id for card in cards)
        return made if task is Task.CRITIQUE else Building(made, brainstorm.id, origins)

    return Command(called, summary, f"/{called} {usage} {OPTIONS}", example, run, brief, fields=fields)


async def with_ideas_meant(call: Call) -> str:
    """The words, with "2" or "1 and 3" replaced by those ideas of the last list in this conversation."""
    numbers = [int(number) for number in _NUMBER.findall(call.words)]
    if not numbers or not _ONLY_NUMBERS.fullmatch(call.words):
        return call.words
    ideas = [await call.repositories.ideas.at(call.conversation_id, number) for number in numbers]
    if None in ideas:
        number = numbers[ideas.index(None)]
        raise CommandError(
            _("The last list here has no idea number {number}; see /brainstorm for a new one.", number=number)
        )
    return " and ".join(f"{idea.title}: {idea.body}" for idea in ideas if idea)


def _subject_and_count(words: str, options: Mapping[str, str], default: int) -> tuple[str, int]:
    leading = _LEADING_COUNT.match(words)
    subject, count = (leading["subject"], int(leading["count"])) if leading else (words, default)
    return subject.strip(), number(options["count"], "count") if "count" in options else count


def _brief(task: Task, subject: str, count: int, options: Mapping[str, str]) -> Brief:
    return Brief(
        task=task,
        subject=subject,
        count=count,
        technique=choice(options.get("technique", ""), TECHNIQUES, "technique"),
        max_characters=number(options["characters"], "characters") if "characters" in options else None,
        preferences=Preferences(
            tone=choice(options.get("tone", ""), TONES, "tone"),
            length=choice(options.get("length", ""), LENGTHS, "length"),
            audience=options.get("audience", ""),
            brand_voice=options.get("voice", ""),
            use_words=split_list(options.get("use", "")),
            avoid_words=split_list(options.get("avoid", "")),
        ),
    )


def split_list(value: str) -> tuple[str, ...]:
    """A comma-separated list as a person types it."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _refuse_unknown(options: Mapping[str, str], allowed: frozenset[str]) -> None:
    for key in options:
        if key not in allowed:
            nearest = process.extractOne(key, sorted(allowed), score_cutoff=60)
            if nearest:
                raise CommandError(
                    _("That option is not one of this command's; did you mean --{option}?", option=nearest[0])
                )
            names = ", ".join(f"--{option}" for option in sorted(allowed))
            raise CommandError(
                _("That option is not one of this command's; there are: {names}.", names=names)
            )


def number(value: str, name: str) -> int:
    """The whole number that a person gave for an option; raises CommandError."""
    if not value.isascii() or not value.isdigit() or int(value[:7]) < 1:
        raise CommandError(_("--{option} takes a whole number of at least 1.", option=name))
    return int(value[:7])


def choice(value: str, choices: tuple[str, ...], name: str) -> str:
    """The choice a person meant; a near miss is taken as the nearest."""
    if not value:
        return ""
    known = by_name(choices)
    nearest = process.extractOne(value.lower(), list(known), score_cutoff=75)
    if not nearest:
        raise CommandError(_("--{option} can be: {choices}.", option=name, choices=names_of(choices)))
    return known[nearest[0]]


# What commands share whose answers come in several whole versions, each ending with a call to action.


MOST = 5
_MOST_ENDING = 60


def with_variants(brief: Brief, options: Mapping[str, str], default: int) -> Brief:
    """The brief with the options --variants, --action and --characters checked; raises CommandError."""
    variants = number(options["variants"], "variants") if "variants" in options else default
    if variants > MOST:
        raise CommandError(_("I write at most {most} versions at a time.", most=MOST))
    ending = " ".join(options.get("action", "").split())
    if len(ending) > _MOST_ENDING:
        raise CommandError(_("A call to action has at most {most} characters.", most=_MOST_ENDING))
    least = LEAST_CHARACTERS[brief.task] + (len(ending) if ending else 0)
    if brief.max_characters is not None and brief.max_characters < least:
        raise CommandError(_("--characters takes at least {least} here.", least=least))
    return replace(brief, variants=variants, ending=ending)
