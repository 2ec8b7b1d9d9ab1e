"""Riff's own words in the language of whoever reads them: gettext, with the locale in a context variable.

`_` translates now, `ngettext` chooses by number, `N_` only marks a text that is translated where it is shown.
What is said within `speaking(tag)` is said in that language. docs/languages.md shows how to add one.
"""

from bot.language.formats import day, listed, number, percent
from bot.language.negotiation import LOCALE, language_name, negotiate, speaking, tag_named
from bot.language.words import N_, _, ngettext

__all__ = [
    "LOCALE",
    "N_",
    "_",
    "day",
    "language_name",
    "listed",
    "negotiate",
    "ngettext",
    "number",
    "percent",
    "speaking",
    "tag_named",
]
