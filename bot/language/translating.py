"""Translating Riff's sentences, and writing numbers, days and lists as the locale does (CLDR, by Babel)."""

from collections.abc import Iterable, Mapping
from datetime import date
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from bot.language.negotiation import LOCALE, negotiate, translations


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


# Numbers, days and lists as the current locale writes them (CLDR, by Babel).


def number(value: float) -> str:
    """1,234 in English."""
    return format_decimal(value, locale=negotiate(LOCALE.get()))


def percent(share: float) -> str:
    """A share between 0 and 1: 25% in English."""
    return format_percent(share, locale=negotiate(LOCALE.get()))


def day(value: date) -> str:
    """Nov 3, 2026 in English."""
    return format_date(value, locale=negotiate(LOCALE.get()))


def listed(parts: Iterable[str]) -> str:
    """ "one, two, and three" in English."""
    return format_list(list(parts), locale=negotiate(LOCALE.get()))
