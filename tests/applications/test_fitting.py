"""Shortening: never over the limit, never in the middle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.applications import shortening
from bot.generation.applications.shortening import Counting, length

WORDS = st.lists(
    st.sampled_from(
        ["tea", "the", "with", "we", "stamps", "a", "market", "of", "calm,", "noon.", "Why?", "(now"]
    ),
    min_size=1,
    max_size=30,
).map(" ".join)


@given(st.one_of(WORDS, st.text(max_size=200)), st.integers(1, 80))
def test_what_is_shortened_fits_and_is_a_whole_phrase_of_the_text(text: str, most: int) -> None:
    for shorten in (shortening.by_sentences, shortening.by_clauses, shortening.by_words):
        made = shorten(text, lambda one: len(one) <= most)
        assert len(made) <= most
        if made:
            assert shortening.is_complete(made)
            assert "".join(made.split()).rstrip(".。") in "".join(text.split())


@pytest.mark.parametrize(
    "text",
    ["", "tea with", "the", "say “tea", "tea (and", "tea,", "we are", "What if tea was free", '"tea', "—"],
)
def test_a_phrase_that_asks_for_more_is_not_complete(text: str) -> None:
    assert not shortening.is_complete(text)


@pytest.mark.parametrize("text", ["Tea at noon", "Come in.", "What if tea was free?", "“Tea”", "茶在中午。"])
def test_a_whole_phrase_is_complete(text: str) -> None:
    assert shortening.is_complete(text)


def test_sentences_go_first_then_clauses_then_words() -> None:
    text = "Sell warm stamps at noon, with tea for all. Lend jars."
    assert (
        shortening.by_sentences(text, lambda one: len(one) < 50)
        == "Sell warm stamps at noon, with tea for all."
    )
    assert shortening.by_clauses(text, lambda one: len(one) < 30) == "Sell warm stamps at noon."
    assert shortening.by_words("Sell warm stamps at noon", lambda one: len(one) <= 20) == "Sell warm stamps"


def test_a_clause_that_only_sets_a_condition_is_not_the_last() -> None:
    text = "Try tea for one season; if it is not for you, you pay nothing at all."
    assert shortening.by_clauses(text, lambda one: len(one) < 60) == "Try tea for one season."


@pytest.mark.parametrize(
    ("text", "counting", "expected"),
    [
        ("茶", Counting.WIDE, 2),
        ("tea", Counting.WIDE, 3),
        ("tea https://example.com/a/very/long/address", Counting.POST, 4 + 23),
        ("茶", Counting.POST, 2),
        ("a" * 160, Counting.SMS, 160),
        ("€" + "a" * 158, Counting.SMS, 160),
        ("茶" * 70, Counting.SMS, 160),
        ("茶" * 71, Counting.SMS, 163),
        ("tea", Counting.PLAIN, 3),
    ],
)
def test_characters_count_as_the_platform_counts_them(text: str, counting: Counting, expected: int) -> None:
    assert length(text, counting) == expected
