"""Every word that is marked has its translation, with the same fields; nothing is half done."""

import ast
import re
from pathlib import Path

import pytest

from bot.language.extraction import catalogues, extracted, forms, lacking, marked, read
from tests.support.chinese import foreign_words

FIELD = re.compile(r"{(\w+)[^}]*}")


def fields(text: str) -> set[str]:
    return set(FIELD.findall(text))


@pytest.mark.parametrize("locale", catalogues())
def test_everything_that_riff_says_is_translated(locale: str) -> None:
    catalogue = read(locale)
    missing = [forms(one.id)[0] for one in extracted() if one.id and one.id not in catalogue]
    assert missing == [], "run `make words`, then translate these"
    assert lacking(catalogue) == [], "translate these, with the fields of the English"


@pytest.mark.parametrize("locale", catalogues())
def test_the_catalogue_holds_nothing_that_is_no_longer_said(locale: str) -> None:
    said = {forms(one.id)[0] for one in extracted() if one.id}
    assert {forms(one.id)[0] for one in read(locale) if one.id} - said == set(), "run `make words`"


@pytest.mark.parametrize("locale", catalogues())
def test_plural_forms_are_as_many_as_the_language_has(locale: str) -> None:
    catalogue = read(locale)
    plurals = [one for one in catalogue if isinstance(one.id, tuple | list)]
    assert plurals
    assert {len(forms(one.string)) for one in plurals} == {catalogue.num_plurals}


def test_each_call_fills_exactly_the_fields_of_its_message() -> None:
    """A field that is not filled would be a KeyError in front of a person, one too many a mistake."""
    wrong = []
    for call in marked():
        wanted = set().union(*map(fields, call.forms))
        given = call.fields | ({"count"} if call.mark == "ngettext" else set())
        is_filled = call.mark != "N_" and "**" not in given and (call.fields or call.mark == "ngettext")
        if is_filled and (wanted - given or given - wanted - {"count"}):
            wrong.append((call.file, call.line, call.forms[0]))
    assert wrong == []


def test_chinese_is_chinese() -> None:
    odd = {
        forms(one.id)[0]: foreign_words(" ".join(forms(one.string)))
        for one in read("zh_Hans")
        if one.id and foreign_words(" ".join(forms(one.string)))
    }
    assert odd == {}


SAYING = frozenset({"Notice", "CommandError", "AttachmentError"})


def test_no_sentence_for_people_is_left_unmarked() -> None:
    """What makes a sentence is given one that is marked, not a bare text or an f-string."""
    root = Path(__file__).parents[2]
    bare = []
    for file in sorted(path for package in ("adapters", "bot") for path in (root / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_saying = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING
            )
            if is_saying and node.args and any(map(has_words, own_texts(node.args[0]))):
                bare.append((file.relative_to(root).as_posix(), node.lineno))
    assert bare == []


def own_texts(given: ast.expr) -> list[str]:
    """The texts that are written out in an argument itself."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def has_words(text: str) -> bool:
    return re.search(r"[A-Za-z]{2,}", text) is not None
