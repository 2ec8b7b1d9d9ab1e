"""The catalogues of translations: one .po file for each language, read once. English is in the code itself."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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
