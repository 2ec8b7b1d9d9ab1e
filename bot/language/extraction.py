"""Collects what is marked in the code, and brings the catalogues of translations up to date with it.

`make words` does it; tests fail while anything lacks its translation.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.language.translations import CATALOGUES, SOURCE, available

_ROOT = Path(__file__).parents[2]
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_FIELD = re.compile(r"{(\w*)[^}]*}")


def extracted() -> Catalog:
    """Every message that is marked in `bot` and `adapters`, with the files it stands in."""
    catalogue = Catalog(project="Riff", charset="utf-8")
    for package in ("adapters", "bot"):
        found = extract_from_dir(_ROOT / package, [("**.py", "python")], keywords=_KEYWORDS)
        for name, _line, message, _comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
            if message:
                catalogue.add(message, locations=[(f"{package}/{name}", 1)])
    return catalogue


def update(locale: str) -> list[str]:
    """Bring one catalogue up to date, made where there is none; gives what lacks a translation."""
    file = CATALOGUES / f"{locale}.po"
    catalogue = read(locale) if file.is_file() else Catalog(locale)
    created, revised = catalogue.creation_date, catalogue.revision_date
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.creation_date, catalogue.revision_date = created, revised
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.header_comment = "Riff", "1", ""
    catalogue.last_translator, catalogue.language_team, catalogue.msgid_bugs_address = "Riff", locale, ""
    with file.open("wb") as out:
        write_po(out, catalogue, width=110, include_lineno=False, sort_by_file=True)
    return lacking(catalogue)


def read(locale: str) -> Catalog:
    """One catalogue as it stands in its file."""
    with (CATALOGUES / f"{locale}.po").open("rb") as file:
        return read_po(file, locale)


def lacking(catalogue: Catalog) -> list[str]:
    """The messages of a catalogue that are not translated, or with other fields than the English has."""
    return [forms(one.id)[0] for one in catalogue if one.id and (one.fuzzy or not _is_whole(one))]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message's one form, or its singular and plural."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _is_whole(message: Message) -> bool:
    wanted = [_fields(form) for form in forms(message.id)]
    return all(form.strip() and _fields(form) in wanted for form in forms(message.string))


def _fields(text: str) -> set[str]:
    return {match[1] for match in _FIELD.finditer(text)}


def catalogues() -> Iterator[str]:
    """The locales that have a catalogue."""
    return (locale for locale in available() if locale != SOURCE)
