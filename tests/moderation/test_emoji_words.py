"""Pictures are said in words."""

import pytest

from genai.moderation.reading import emoji_words
from genai.moderation.reading.emoji_words import in_words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pass me the 🔪", "pass me the knife"),
        ("🇲🇽 won", "Mexico won"),
        ("a 🐀, a 🐍", "a rat , a snake"),
        ("👩🏿‍🚀 ready", "Black woman rocket ready"),
        ("ok☀️!", "ok black sun with rays !"),
    ],
)
def test_pictures_become_words(text: str, said: str) -> None:
    assert in_words(text) == said


@pytest.mark.parametrize("text", ["plain words, no pictures", "Ärger in Łódź – 5 €", "你好"])
def test_other_text_stays(text: str) -> None:
    assert in_words(text) == text


def test_a_line_end_is_a_space() -> None:
    assert in_words("you\n\tthere ") == "you there"


def test_what_people_write_does_not_fill_the_memory() -> None:
    for length in range(1, emoji_words._REMEMBERED + 20):
        in_words("🐀" * (length % 300) + "🐍" * (length // 300 + 1))
    assert emoji_words._said.cache_info().currsize <= emoji_words._REMEMBERED
