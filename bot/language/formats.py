"""Numbers, days and lists as the current locale writes them (CLDR, by Babel)."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from bot.language.negotiation import LOCALE, negotiate


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
