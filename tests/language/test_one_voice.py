"""The same word for the same thing: the table in docs/writing.md holds for all that Riff says, in both languages."""

import re
from pathlib import Path

import pytest

from bot.language import speaking
from bot.language.extraction import forms, read
from bot.language.terms import TERMS, by_name, names_of

_PAGE = (Path(__file__).parents[2] / "docs" / "writing.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([a-z ]+) \| ([^|]*[\u4e00-\u9fff][^|]*) \|", re.MULTILINE)
_TYPED = re.compile(
    r"{\w+[^}]*}|/\S+(?: [a-z]+\b)?|--[\w-]+(?: is)?|\b\w+:\w+\S*|\briff \w+|\bchannels? or workspace\b"
)
"""Fields, and what is typed as it stands."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def table() -> dict[str, tuple[str, ...]]:
    """The terms of the page with what they may be called in Chinese."""
    return {
        english: tuple(part.strip() for part in chinese.split("/"))
        for english, chinese in _ROW.findall(_PAGE)
    }


def said() -> list[tuple[str, str]]:
    """All that Riff says, in English and in Chinese, without what is typed."""
    return [
        (_TYPED.sub(" ", " ".join(forms(one.id))), " ".join(forms(one.string)))
        for one in read("zh_Hans")
        if one.id and _HAN.search("".join(forms(one.string))) and not forms(one.id)[0].startswith("Usage:")
    ]


def test_a_term_has_one_name_in_each_language() -> None:
    terms = table()
    assert len(terms) > 15
    wrong = [
        (term, english, chinese)
        for term, names in terms.items()
        for english, chinese in said()
        if re.search(rf"\b{term}s?\b", english, re.IGNORECASE) and not any(name in chinese for name in names)
    ]
    assert wrong == []


def test_words_that_riff_does_not_use_stand_nowhere() -> None:
    listed = re.search(r"does not use: ([^.]+)\.", _PAGE)
    assert listed
    unwanted = re.compile(rf"\b({'|'.join(word.strip() for word in listed[1].split(','))})\b", re.IGNORECASE)
    assert [english for english, _chinese in said() if unwanted.search(english)] == []


@pytest.mark.parametrize("term", TERMS)
def test_the_terms_of_riffs_own_lists_have_their_chinese_name(term: str) -> None:
    with speaking("zh-Hans"):
        (named,) = (one for one in by_name([term]) if one != term.lower() or one in {"scamper"})
        assert _HAN.search(named)
        assert names_of([term]) == f"{term} ({named})"
    with speaking("en"):
        assert names_of([term]) == term
