"""The deck of methods is whole, and the same in both languages."""

import re
from collections import Counter

from genai.methods import deck
from genai.methods.deck import LANGUAGES


def test_there_are_enough_methods_and_each_is_one_of_its_own() -> None:
    methods = deck()
    assert len(methods) >= 250
    for name in ("id", "name", "begins", "angle"):
        values = Counter(getattr(one, name).casefold() for one in methods)
        assert [value for value, count in values.items() if count > 1] == []


def test_the_languages_have_the_same_methods_in_the_same_order() -> None:
    decks = [deck(language) for language in LANGUAGES]
    assert [[(one.id, one.kind) for one in methods] for methods in decks] == [
        [(one.id, one.kind) for one in decks[0]]
    ] * len(decks)
    assert deck("zh-Hans") == deck("zh") != deck("en")
    assert deck("fi") == deck("en")


def test_a_method_is_said_in_short_words_that_a_sentence_can_go_on_from() -> None:
    for one in deck():
        assert all((one.kind, one.fits, one.not_fit))
        assert 1 <= len(one.name.split()) <= 5
        assert 2 <= len(one.begins.split()) <= 9
        assert one.begins[0].isupper()
        assert not re.search(r"[.!?:;]$", one.begins)
    for one in deck("zh"):
        assert re.search(r"[\u4e00-\u9fff]", one.name + one.begins)
