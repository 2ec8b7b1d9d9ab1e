"""Riff's sentences in the language of whoever reads them; numbers, days and lists as the locale writes them (CLDR)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

CATALOGUES = Path(__file__).parent / "catalogues"
"""Holds LOCALE.po for each language beside English, with the locale as CLDR writes it: zh_Hans.po."""

SOURCE = "en"
"""The language that the messages in the code are written in."""


@cache
def available() -> tuple[str, ...]:
    """The locales that Riff speaks, English first."""
    return (SOURCE, *sorted(file.stem for file in CATALOGUES.glob("*.po")))


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of one of the available locales; fuzzy messages are left out, so they stay English.

    It is compiled in memory, so that gettext's own rules for plurals hold and no compiled files lie about.
    """
    if locale == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / f"{locale}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


# Which of Riff's languages a person is spoken to in. Tags come from outside: whatever they hold is answered.


LOCALE: ContextVar[str] = ContextVar("locale", default=SOURCE)
"""The locale that what is said now is said in: a tag as a platform sends it, such as "zh-CN"."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """What is said inside is said in the language of `tag`; an empty one leaves the language as it is.

    Tasks that are started inside speak it too, for a task copies the context that makes it.
    """
    token = LOCALE.set(tag or LOCALE.get())
    try:
        yield
    finally:
        LOCALE.reset(token)


@lru_cache(maxsize=1024)
def negotiate(tag: str) -> str:
    """The available locale that is nearest to a BCP 47 tag or a POSIX locale; English where none is near.

    "zh-CN" and "zh" are zh_Hans; so is "zh-TW" as long as there is no zh_Hant, for another script of one's
    own language is nearer than English.
    """
    locale = _parsed(tag)
    if locale is None:
        return SOURCE
    language, script, territory = locale.language, locale.script, locale.territory
    parts = ((language, script, territory), (language, territory), (language, script), (language,))
    wanted = ["_".join(filter(None, some)) for some in parts]
    family = [known for known in available() if known.split("_")[0] == language]
    return negotiate_locale(wanted, available()) or next(iter(family), SOURCE)


def tag_of(language: str) -> str:
    """The tag of a language that a person named: "Chinese", "中文" or "zh-CN"; "" where that is no language."""
    name = language.strip()
    return _codes().get(name.casefold()) or (name if _parsed(name) else "")


def spoken(tag: str) -> bool:
    """Whether Riff has words in the language of a tag, whatever its script."""
    return code(tag) == code(negotiate(tag)) != ""


def code(tag: str) -> str:
    """The language of a tag without script and country: "zh"; "" where it names none."""
    locale = _parsed(tag)
    return locale.language if locale else ""


def language_name(tag: str, reader: str = SOURCE) -> str:
    """What the language of a tag is called by a reader: "Chinese"; "" where the tag names none."""
    return Locale.parse(negotiate(reader)).languages.get(code(tag), "") if code(tag) else ""


def environment_tag(environment: Mapping[str, str]) -> str:
    """The language that a terminal asks for, by the variables of POSIX and GNU; "" where it asks for none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            first, *_rest = (environment.get("LANGUAGE") or value).split(":")
            return first if _parsed(first) and _parsed(value) else ""
    return ""


@cache
def _codes() -> dict[str, str]:
    """The languages of the world by what Riff's languages call them, and Riff's by what they call themselves."""
    codes = {
        name.casefold(): code.replace("_", "-")
        for speaker in available()
        for code, name in Locale.parse(speaker).languages.items()
    }
    return codes | {
        (Locale.parse(known).get_display_name(known) or "").casefold(): known for known in available()
    }


def _parsed(tag: str) -> Locale | None:
    """The locale of a tag, without the character set of a POSIX one; None where it names no language."""
    plain = tag.split(".")[0].split("@")[0]
    if not _TAG.fullmatch(plain):
        return None
    try:
        return Locale.parse(plain.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return _language_only(plain)


def _language_only(tag: str) -> Locale | None:
    try:
        return Locale(re.split("[-_]", tag)[0].lower())
    except (UnknownLocaleError, ValueError):
        return None


# Translating Riff's sentences, and writing numbers, days and lists as the locale does (CLDR, by Babel).


def _(message: str, **values: object) -> str:
    """`message` in the current locale, `{name}` fields filled with `values`."""
    if not message:  # gettext answers "" with the catalogue's header
        return message
    return _filled(translations(negotiate(LOCALE.get())).gettext(message), message, values)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """`singular` or `plural` by `count`, which fills the field `{count}`."""
    chosen = translations(negotiate(LOCALE.get())).ngettext(singular, plural, count)
    return _filled(chosen, singular if count == 1 else plural, {"count": count, **values})


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Marks `message` for translation and gives it back as it is."""
    return message


def _filled(translated: str, english: str, values: Mapping[str, object]) -> str:
    """The translation with its fields filled; the English where the translation's fields are not those given."""
    if not values:
        return translated
    try:
        return _BY_NAME.vformat(translated, (), values)
    except (LookupError, ValueError):
        return _BY_NAME.vformat(english, (), values)


class _ByName(Formatter):
    """Fills `{name}` and nothing else: no attributes, no items, so a value shows itself and not its insides."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[object, str]:
        if not field_name.isidentifier():
            raise ValueError(f"{{{field_name}}} is not a field by name")
        return kwargs[field_name], field_name


_BY_NAME = _ByName()


def number(value: float) -> str:
    """1,234 in English."""
    return format_decimal(value, locale=negotiate(LOCALE.get()))


def day(value: date) -> str:
    """Nov 3, 2026 in English."""
    return format_date(value, locale=negotiate(LOCALE.get()))


def moment(value: datetime) -> str:
    """Tue, Nov 3, 2026, 15:00 in English; in the time zone of the value."""
    locale = negotiate(LOCALE.get())
    return f"{format_skeleton('yMMMEd', value, locale=locale)}, {value:%H:%M}"


def listed(parts: Iterable[str]) -> str:
    """ "one, two, and three" in English."""
    return format_list(list(parts), locale=negotiate(LOCALE.get()))
