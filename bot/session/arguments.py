"""What a brainstorm is started with, `/session start "topic" [minutes] [technique]`: its options, and the plan."""

from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from bot.config.settings import SessionSettings
from bot.core.commands.declaration import Kind, Option
from bot.core.domain import Invocation
from bot.core.errors import CommandError
from bot.language import LOCALE, N_, _
from bot.places.time_zones import zone_of
from bot.session.spoken_times import split_off_moment
from bot.session.techniques import FREE, SHORT_NAMES, TECHNIQUES
from bot.session.timing import MINUTES_A_DAY
from storage.values.brainstorms import Plan

SESSION = "session"
"""The command of brainstorms."""
EXAMPLE = N_('/session start "quieter lids" 20 SCAMPER')
_USUAL = N_("Empty for the usual.")
START = (
    Option(
        "topic",
        N_("What about?"),
        placeholder=N_("TOPIC"),
        positional=True,
        required=True,
        asks=N_("What about? For example: {example}"),
        most_characters=300,
    ),
    Option(
        "minutes",
        N_("How long all of it takes"),
        Kind.NUMBER,
        N_("MINUTES"),
        positional=True,
        hint=N_("In minutes; empty for the usual."),
        least=4,
        most=480,
    ),
    Option(
        "technique",
        N_("Technique"),
        Kind.CHOICE,
        N_("TECHNIQUE"),
        positional=True,
        asks=N_("The techniques are: {names}."),
        choices=tuple(one.key for one in TECHNIQUES),
        labels=tuple(one.name for one in TECHNIQUES),
        about=tuple(one.line for one in TECHNIQUES),
        aliases=SHORT_NAMES,
    ),
    Option(
        "when",
        N_("For later: when, such as tomorrow at 15:00"),
        placeholder=N_("TIME"),
        most_characters=60,
        splits_off=split_off_moment,
    ),
    Option("votes", N_("How many votes each person has"), Kind.NUMBER, hint=_USUAL, most=20),
    Option(
        "people-first",
        N_("Riff adds nothing before people have posted so many ideas"),
        Kind.NUMBER,
        "N",
        least=0,
        most=50,
    ),
    Option("named", N_("Show who voted for what"), Kind.FLAG),
    Option("daily", N_("Over days, with a reminder at this hour"), Kind.HOUR, N_("HOUR"), least=0, most=23),
    Option(
        "zone",
        N_("The hour's time zone, by its city"),
        placeholder=N_("AREA/CITY"),
        completes="zones",
    ),
    Option("days", N_("Over how many days"), Kind.NUMBER, least=3, most=60),
)
"""What `start` takes."""


def plan_asked(asked: Invocation | None, settings: SessionSettings) -> Plan | None:
    """The plan where a brainstorm is to start, for whoever opens its thread; None for all else.

    Raises CommandError.
    """
    if asked is None or (asked.command, asked.verb) != (SESSION, "start") or asked.text("when"):
        return None
    return plan_in(asked, settings)


def is_for_later(asked: Invocation) -> bool:
    """Whether it is about a brainstorm that has not begun, so that no thread is its place yet."""
    return asked.verb in {"planned", "move", "cancel"} or (asked.verb == "start" and bool(asked.text("when")))


def plan_in(asked: Invocation, settings: SessionSettings) -> Plan:
    """The plan in what `start` was given; raises CommandError for what does not go together."""
    if not asked.text("topic"):
        raise CommandError(_("What about? For example: {example}", example=_(EXAMPLE)))
    hour, first = asked.number("daily"), asked.number("people-first")
    return Plan(
        topic=asked.text("topic"),
        technique=asked.text("technique") or FREE,
        minutes=_minutes(asked, settings, over_days=hour is not None),
        votes_each=asked.number("votes") or settings.votes,
        is_anonymous=not asked.flag("named"),
        nudge_hour=hour,
        time_zone=zone_named(asked.text("zone") or "UTC"),
        locale=LOCALE.get(),
        people_first=settings.people_first if first is None else first,
    )


def _minutes(asked: Invocation, settings: SessionSettings, *, over_days: bool) -> int:
    days = asked.number("days")
    if over_days:
        return MINUTES_A_DAY * (days or settings.days)
    if days is not None:
        raise CommandError(_("--days goes with --daily HOUR, the hour of the daily reminder."))
    return asked.number("minutes") or settings.minutes


def zone_named(typed: str) -> str:
    """The time zone that is meant; raises CommandError with the nearest one that there is."""
    if found := zone_of(typed):
        return str(ZoneInfo(found))
    known = {name.lower(): name for name in available_timezones()}
    nearest = process.extractOne(typed.lower(), list(known), score_cutoff=60)
    example = known[nearest[0]] if nearest else "Europe/Berlin"
    raise CommandError(_("--zone takes a time zone such as {example}.", example=example))
