"""No text, however cut, reaches a terminal as a control sequence."""

import itertools
from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.text_cleaning import neutralise_terminal as neutralise

MARKS = st.sampled_from(
    ["\x1b[31m", "\x1b]8;;http://evil\x07", "\x9b2J", "\x1bc", "\u202e", "\u200b", "m", "[", "]", "\x07", "a"]
)
TEXT = st.lists(MARKS | st.sampled_from([" ", "\n", "x"]) | st.text(max_size=5), max_size=14).map("".join)
thorough = settings(max_examples=400, deadline=None)


def read_by_terminal(text: str) -> Iterator[str]:
    """Whatever a terminal would not just print."""
    yield from (char for char in text if char not in "\n\t" and (ord(char) < 32 or 127 <= ord(char) < 160))
    yield from (char for char in text if char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@thorough
@given(text=TEXT, places=st.lists(st.integers(0, 200), max_size=6))
@example(text="\x1b[31mred", places=[1, 2])
def test_nothing_is_obeyed_however_a_text_is_cut(text: str, places: list[int]) -> None:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    shown = "".join(neutralise(text[start:end]) for start, end in itertools.pairwise(edges))
    assert list(read_by_terminal(shown)) == []


@thorough
@given(text=TEXT)
def test_people_read_what_can_be_printed(text: str) -> None:
    shown = neutralise(text)
    printable = {char for char in text if char.isprintable()}
    assert set(shown) <= printable | set(text)
    assert neutralise(shown) == shown


def test_a_sequence_goes_whole() -> None:
    assert neutralise("a\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x1b\\b") == "ared b"
