"""The one cleaning rule for text, and times in UTC."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.models.base import REPLACEMENT, UtcDateTime, clean_json, clean_text

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
MODERN = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  (hypothesis adds the zones)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=20,
)


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert "\0" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean_text(cleaned) == cleaned


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_text_that_can_be_stored_is_kept_as_it_came(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", f"a{REPLACEMENT}b"),
        ("a\ud83db", f"a{REPLACEMENT}b"),
        ("\ude00", REPLACEMENT),
        ("\ud83d\ude00", "\N{GRINNING FACE}"),
    ],
)
def test_what_cannot_be_stored_is_replaced(text: str, kept: str) -> None:
    assert clean_text(text) == kept


@given(ANY_JSON)
def test_every_text_in_json_is_cleaned(value: object) -> None:
    cleaned = clean_json(value)
    assert clean_json(cleaned) == cleaned
    assert "\0" not in str(cleaned)
    str(cleaned).encode("utf-8")


@given(st.datetimes(*MODERN, timezones=st.timezones()))
def test_moments_are_stored_in_utc(moment: datetime) -> None:
    stored = UtcDateTime().process_bind_param(moment, sqlite.dialect())
    assert stored is not None
    assert stored.timestamp() == moment.timestamp()
    assert stored.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), sqlite.dialect())  # noqa: DTZ001
