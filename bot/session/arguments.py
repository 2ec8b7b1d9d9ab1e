"""Reads what follows `/session`: quoted topics, options that may have no value, and the plan of one that starts."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from bot.config.settings import SessionSettings
from bot.core.errors import CommandError
from bot.language import LOCALE, N_, _
from bot.session.techniques import technique_meant, wanted_technique
from bot.session.timing import MINUTES_A_DAY
from storage.values.brainstorms import Plan

_TOKEN = re.compile(r'"(?P<straight>[^"]*)"|“(?P<curly>[^“”]*)”|(?P<word>\S+)')
_FLAGS = frozenset({"named", "dark"})
_VALUES = frozenset({"votes", "daily", "zone", "days", "minutes", "technique", "topic"})


@dataclass(frozen=True, slots=True)
class Words:
    """What follows a verb: the text in quotes ("" for none), the other words, the options."""

    quoted: str
    plain: tuple[str, ...]
    options: dict[str, str]


def read_words(text: str) -> Words:
    """The words of `text`; raises CommandError for an option that there is not, or that lacks its value."""
    quoted, plain, options = "", list[str](), dict[str, str]()
    waiting = ""
    for match in _TOKEN.finditer(text):
        word = match["word"]
        value = word if word is not None else match["straight"] or match["curly"] or ""
        if waiting:
            options[waiting], waiting = value, ""
        elif word is not None and word.startswith(("--", "—")):
            key, given, rest = word.lstrip("-—").partition("=")
            name = _option(key.lower())
            if given or name in _FLAGS:
                options[name] = rest.strip('"“”')
            else:
                waiting = name
        elif word is None and not quoted:
            quoted = value.strip()
        else:
            plain.append(value)
    if waiting:
        raise CommandError(_("--{option} needs a value after it.", option=waiting))
    return Words(quoted, tuple(plain), options)


def _option(key: str) -> str:
    known = sorted(_FLAGS | _VALUES)
    if key in known:
        return key
    nearest = process.extractOne(key, known, score_cutoff=60)
    if nearest:
        raise CommandError(
            _("That option is not one of this command's; did you mean --{option}?", option=nearest[0])
        )
    names = ", ".join(f"--{option}" for option in known)
    raise CommandError(_("That option is not one of this command's; there are: {names}.", names=names))


# Reads `/session start "topic" [minutes] [technique]` into a plan.


EXAMPLE = N_('/session start "quieter lids" 20 SCAMPER')
MOST_MINUTES, LEAST_MINUTES = 480, 4
_MOST_DAYS, _LEAST_DAYS = 60, 3
_MOST_VOTES = 20
_TOPIC_CHARACTERS = 300
_COMMAND = re.compile(r"^/session\s+start\b(?P<rest>.*)$", re.DOTALL | re.IGNORECASE)
_UNQUOTED = re.compile(
    r"^(?P<topic>\S.*?)(?<!\s)\s+(?P<minutes>\d{1,4})(?:\s+(?P<technique>\D.*))?$", re.DOTALL
)


def plan_asked(text: str, settings: SessionSettings) -> Plan | None:
    """The plan in a command that starts a brainstorm, for whoever opens its thread; None for other texts.

    Raises CommandError.
    """
    typed = _COMMAND.match(text.strip())
    return read_plan(typed["rest"], settings) if typed else None


def read_plan(text: str, settings: SessionSettings) -> Plan:
    """The plan in what follows `start`; raises CommandError that shows how to type it."""
    words = read_words(text)
    topic, minutes, technique = _positional(words)
    topic = " ".join((words.options.get("topic") or topic).split())
    if not topic:
        raise CommandError(_("What about? For example: {example}", example=_(EXAMPLE)))
    if len(topic) > _TOPIC_CHARACTERS:
        raise CommandError(_("Please put the topic in at most {most} characters.", most=_TOPIC_CHARACTERS))
    options = words.options
    technique = options.get("technique") or technique
    hour = _number("daily", options["daily"], 0, 23) if "daily" in options else None
    return Plan(
        topic=topic,
        technique=wanted_technique(technique).key if technique else "free",
        minutes=_minutes(options.get("minutes") or minutes, options, settings, over_days=hour is not None),
        votes_each=_number("votes", options.get("votes", str(settings.votes)), 1, _MOST_VOTES),
        is_anonymous="named" not in options,
        nudge_hour=hour,
        time_zone=_zone(options.get("zone", "UTC")),
        locale=LOCALE.get(),
    )


def _positional(words: Words) -> tuple[str, str, str]:
    """Topic, minutes and technique, "" for what was not said. A topic without quotes goes up to a number."""
    if words.quoted:
        rest = list(words.plain)
        minutes = rest.pop(0) if rest and rest[0].isdecimal() else ""
        return words.quoted, minutes, " ".join(rest)
    typed = " ".join(words.plain)
    found = _UNQUOTED.match(typed)
    if found and (not found["technique"] or technique_meant(found["technique"])):
        return found["topic"], found["minutes"], found["technique"] or ""
    return typed, "", ""


def _minutes(typed: str, options: dict[str, str], settings: SessionSettings, *, over_days: bool) -> int:
    if over_days:
        return MINUTES_A_DAY * _number(
            "days", options.get("days", str(settings.days)), _LEAST_DAYS, _MOST_DAYS
        )
    if "days" in options:
        raise CommandError(_("--days goes with --daily HOUR, the hour of the daily reminder."))
    return _number("minutes", typed or str(settings.minutes), LEAST_MINUTES, MOST_MINUTES)


def _number(name: str, typed: str, least: int, most: int) -> int:
    hour, separator, _minutes = typed.partition(":")
    digits = hour if separator and name == "daily" else typed
    if not (digits.isascii() and digits.isdecimal()) or not least <= int(digits[:6]) <= most:
        raise CommandError(
            _("{name} takes a whole number from {least} to {most}.", name=name, least=least, most=most)
        )
    return int(digits)


def _zone(typed: str) -> str:
    known = {name.lower(): name for name in available_timezones()}
    found = known.get(typed.lower().replace(" ", "_"))
    if found:
        return str(ZoneInfo(found))
    nearest = process.extractOne(typed.lower(), list(known), score_cutoff=60)
    example = known[nearest[0]] if nearest else "Europe/Berlin"
    raise CommandError(_("--zone takes a time zone such as {example}.", example=example))
