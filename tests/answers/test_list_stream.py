"""Properties of the reader of lists: nothing is lost, and it does not matter how an answer arrives."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.answers.ideas.idea_text import ListKind
from genai.answers.lists import ListPart, ListReader, read_list
from genai.answers.markdown.block_stream import BlockStream
from genai.answers.markdown.block_tokens import Block, blocks_of
from tests.answers.shapes import CHINESE, ENGLISH, SHAPES, TITLES, Sample

T = TypeVar("T")
BITS = [
    *(
        "1. ",
        "2. ",
        "3. ",
        "1) ",
        "2) ",
        "(2) ",
        "1、",
        "（1）",
        "一、",
        "二、",
        "第一，",
        "IV. ",
        "a) ",
        "#1 ",
        "①",
        "1\ufe0f\u20e3 ",
    ),
    *(
        "- ",
        "* ",
        "+ ",
        "• ",
        "🌿 ",
        "[x] ",
        "# ",
        "## ",
        "### ",
        "> ",
        "**",
        "__",
        "`",
        "```",
        "~~~",
        "---",
        "\\",
        "\ufe0f",
    ),
    *("\n", "\n\n", "\r\n", "\r", " ", "   ", "\t", "\u00a0", "\u3000", "\u2028", "\x00"),
    *("|", "| a | b |\n", "|---|---|\n", "[", "]", "{", "}", ",", '"a"', "<li>"),
    *(
        "Title",
        "Title: body",
        "Title: X",
        "Idea 1: ",
        "Idea 2:",
        "**Bold**",
        "**Bold**: text",
        "点子：内容。",
    ),
    *("Let me know", "Here are five:", "Tips:", "A sentence of words.", "a"),
]
answers = st.lists(st.sampled_from(BITS), max_size=40).map("".join) | st.text(max_size=60)
cuts = st.lists(st.integers(0, 250), max_size=12)
counts = st.sampled_from([None, 1, 2, 5])
kinds: st.SearchStrategy[ListKind] = st.sampled_from(["ideas", "titles"])


def in_pieces(text: str, places: Iterable[int], feed: Callable[[str], list[T]]) -> list[T]:
    found: list[T] = []
    begin = 0
    for place in sorted(places):
        found += feed(text[begin:place])
        begin = max(begin, place)
    return [*found, *feed(text[begin:])]


def parts_of(text: str, places: Iterable[int], count: int | None, kind: ListKind) -> list[ListPart]:
    reader = ListReader(count, kind)
    return [*in_pieces(text, places, reader.feed), *reader.close()]


@settings(max_examples=300, deadline=None)
@given(answers, cuts, counts, kinds)
def test_any_cut_of_any_text_reads_the_same_and_loses_nothing(
    text: str, places: list[int], count: int | None, kind: ListKind
) -> None:
    whole = read_list(text, count, kind)
    assert "".join(part.raw for part in whole) == text
    assert parts_of(text, places, count, kind) == whole
    assert parts_of(text, range(len(text)), count, kind) == whole


@settings(max_examples=300, deadline=None)
@given(answers, cuts)
def test_blocks_that_arrive_are_those_of_the_whole_text(text: str, places: list[int]) -> None:
    stream = BlockStream()
    blocks: list[Block] = [*in_pieces(text, places, stream.feed), *stream.close()]
    assert [(block.kind, block.start) for block in blocks] == [
        (block.kind, block.start) for block in blocks_of(text)
    ]


@pytest.mark.parametrize("samples", [ENGLISH, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_reads_the_same_letter_by_letter(name: str, samples: tuple[Sample, ...]) -> None:
    text = SHAPES[name](samples)
    assert parts_of(text, range(len(text)), 5, "ideas") == read_list(text, 5)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SHAPES | TITLES)), st.integers(0, 900))
def test_an_answer_cut_off_anywhere_is_kept(name: str, length: int) -> None:
    text = (SHAPES | TITLES)[name](ENGLISH)[:length]
    assert "".join(part.raw for part in read_list(text, 5)) == text


LONG: dict[str, Callable[[int], str]] = {
    "points without indent": lambda size: "1. A\n" + "- point here\n" * (size // 13),
    "points": lambda size: "1. A\n" + "   - point here\n" * (size // 16),
    "open fence": lambda size: "1. A\n```\n" + "2. foo\n" * (size // 7),
    "many fences": lambda size: "```\n2. foo\n" * (size // 11),
    "headings with points": lambda size: "# a\n- b\n- c\n" * (size // 12),
    "paragraph": lambda size: "(word word\n" * (size // 11),
    "quotation": lambda size: "> > > > a\n" * (size // 10),
    "brackets": lambda size: "[" * size,
    "one line of bold": lambda size: "# " + "**a " * (size // 4) + "\n\ntext\n# b\n",
    "one line of dashes": lambda size: "- " * (size // 2) + "x",
    "spaces": lambda size: "1. A" + " " * size + "b",
    "open json": lambda size: '{"a":' * (size // 5),
    "table": lambda size: "| a | b |\n|---|---|\n" + "| c | d |\n" * (size // 10),
    "paragraphs": lambda size: "word word.\n\n" * (size // 12),
}


def seconds(text: str) -> float:
    reader = ListReader(5)
    begin = time.process_time()
    in_pieces(text, range(0, len(text), 7), reader.feed)
    reader.close()
    return time.process_time() - begin


def least(text: str) -> float:
    return min(seconds(text) for _try in range(3))


@pytest.mark.parametrize("name", LONG)
def test_work_grows_with_the_length_and_not_with_its_square(name: str) -> None:
    """Eight times the text takes about eight times as long; the least of several tries, for machines are busy."""
    once = least(LONG[name](4_000))
    assert least(LONG[name](32_000)) < 8 * 4 * max(once, 0.004)
