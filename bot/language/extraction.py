"""Collects what is marked in the code, and brings the catalogues of translations up to date with it.

`make words` does it; tests fail while anything lacks its translation.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from bot.language.translating import CATALOGUES, SOURCE, available

_ROOT = Path(__file__).parents[2]
_PLURAL = "ngettext"
_MARKS = frozenset({"_", "N_", _PLURAL})
_FIELD = re.compile(r"{(\w*+)[^{}]*+}")


@dataclass(frozen=True, slots=True)
class Marked:
    """A call of `_`, `N_` or `ngettext` with a text in the code; `fields` are the names that it fills."""

    file: str
    line: int
    forms: tuple[str, ...]
    mark: str
    fields: frozenset[str]


@cache
def marked() -> tuple[Marked, ...]:
    """Every marked text in `bot` and `adapters`, and in the templates of pages there.

    Read from the syntax trees, for Babel's own readers overlook marks inside of other marks.
    """
    rooms = [_ROOT / package for package in ("adapters", "bot")]
    files = sorted(path for room in rooms for path in room.rglob("*.py"))
    pages = sorted(path for room in rooms for path in room.rglob("*.html"))
    of_pages = (one for page in pages for one in _marked_in_page(page))
    return (*(one for file in files for one in _marked_in(file)), *of_pages)


def _marked_in(file: Path) -> Iterator[Marked]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKS):
            continue
        texts = [text for given in node.args[: 2 if node.func.id == _PLURAL else 1] for text in _texts(given)]
        if texts:
            fields = frozenset(keyword.arg or "**" for keyword in node.keywords)
            name = file.relative_to(_ROOT).as_posix()
            yield Marked(name, node.lineno, tuple(texts), node.func.id, fields)


def _marked_in_page(file: Path) -> Iterator[Marked]:
    tree = Environment().parse(file.read_text(encoding="utf-8"))  # noqa: S701  (read, never filled in)
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in _MARKS:
            continue
        given = call.args[: 2 if call.node.name == _PLURAL else 1]
        texts = tuple(
            one.value for one in given if isinstance(one, nodes.Const) and isinstance(one.value, str)
        )
        if texts:
            fields = frozenset(keyword.key for keyword in call.kwargs)
            name = file.relative_to(_ROOT).as_posix()
            yield Marked(name, call.lineno, texts, call.node.name, fields)


def _texts(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def extracted() -> Catalog:
    """Every message that is marked, with the files it stands in."""
    catalogue = Catalog(project="Riff", charset="utf-8")
    for one in sorted(marked(), key=lambda one: (one.file, one.line)):
        message = one.forms if one.mark == _PLURAL else one.forms[0]
        catalogue.add(message, locations=[(one.file, 1)])
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


def catalogues() -> tuple[str, ...]:
    """The locales that have a catalogue."""
    return tuple(locale for locale in available() if locale != SOURCE)
