"""Riff's own words in the language of whoever reads them: gettext, with the locale in a context variable.

`_` translates now, `ngettext` chooses by number, `N_` only marks a text that is translated where it is shown.
What is said within `speaking(tag)` is said in that language. docs/languages.md shows how to add one.
"""

from bot.language.translating import (
    LOCALE,
    N_,
    SOURCE,
    _,
    available,
    code,
    day,
    environment_tag,
    language_name,
    listed,
    moment,
    negotiate,
    ngettext,
    number,
    speaking,
    spoken,
    tag_of,
)

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
    "moment",
    "negotiate",
    "ngettext",
    "number",
    "speaking",
    "spoken",
    "tag_of",
]
