"""Riff's own words in the language of whoever reads them: gettext, with the locale in a context variable.

`_` translates now, `ngettext` chooses by number, `N_` only marks a text that is translated where it is shown.
What is said within `speaking(tag)` is said in that language. docs/languages.md shows how to add one.
"""

from bot.language.formats import day, listed, number, percent
from bot.language.negotiation import (
    LOCALE,
    code,
    environment_tag,
    language_name,
    negotiate,
    speaking,
    spoken,
    tag_of,
)
from bot.language.translations import SOURCE, available
from bot.language.words import N_, _, ngettext

__all__ = [
    "LOCALE",
    "N_",
    "SOURCE",
    "_",
    "available",
    "code",
    "day",
    "environment_tag",
    "language_name",
    "listed",
    "negotiate",
    "ngettext",
    "number",
    "percent",
    "speaking",
    "spoken",
    "tag_of",
]
