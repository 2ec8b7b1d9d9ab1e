"""Whatever shape a model gives a list, the same five ideas are read from it, and nothing else."""

from collections.abc import Sequence

import pytest

from genai.answers.lists import Closing, ListedIdea, ListPart, Preamble, read_list
from tests.answers.shapes import CHINESE, ENGLISH, SHAPES, TITLES, Sample

LANGUAGES = {"English": ENGLISH, "Chinese": CHINESE}
COURTESIES = (
    "Let me know",
    "hope",
    "Would you",
    "Pick your",
    "如果",
    "Sag mir",
    "hésitez",
    "Which of",
    "can start small",
    "Anything",
)
ELSEWHERE = {"bold_title_parenthesis", "quote_in_idea"}
"""Shapes in which something else of the idea stands before the body."""


def ideas(parts: Sequence[ListPart]) -> list[ListedIdea]:
    return [part for part in parts if isinstance(part, ListedIdea)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_read_as_its_ideas(name: str, language: str) -> None:
    samples = LANGUAGES[language]
    text = SHAPES[name](samples)
    parts = read_list(text, 5)
    found = ideas(parts)
    assert [idea.title for idea in found] == [sample.title for sample in samples]
    for idea, sample in zip(found, samples, strict=True):
        beginning = sample.body[:24]
        assert beginning in idea.body if name in ELSEWHERE else idea.body.startswith(beginning)
    assert "".join(part.raw for part in parts) == text


@pytest.mark.parametrize("name", SHAPES)
def test_words_to_the_person_are_no_part_of_an_idea(name: str) -> None:
    found = ideas(read_list(SHAPES[name](ENGLISH), 5))
    said = "\n".join("\n".join((idea.title, idea.body, *idea.points)) for idea in found)
    assert not [words for words in COURTESIES if words in said]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TITLES)
def test_titles_alone_are_as_many_ideas(name: str, language: str) -> None:
    samples = LANGUAGES[language]
    text = TITLES[name](samples)
    parts = read_list(text, 5, "titles")
    assert [(idea.title, idea.body) for idea in ideas(parts)] == [(sample.title, "") for sample in samples]
    assert "".join(part.raw for part in parts) == text


@pytest.mark.parametrize(
    "name",
    [
        "dash_bullets_nested",
        "dash_bullets_loose",
        "unindented_points",
        "tab_points",
        "windows_line_ends",
        "heading_idea_word",
        "steps_below",
        "heading_and_numbered_steps",
        "json_objects",
        "bold_numbers_in_bullets",
        "nested_ordered_letters",
    ],
)
def test_points_belong_to_their_idea(name: str) -> None:
    for idea, sample in zip(ideas(read_list(SHAPES[name](ENGLISH), 5)), ENGLISH, strict=True):
        said = "\n".join((idea.body, *idea.points))
        assert sample.points[0] in said
        assert not [other for other in ENGLISH if other is not sample and other.points[0] in said]


@pytest.mark.parametrize(
    ("name", "categories"),
    [
        ("headings_as_categories", ["Indoors"] * 2 + ["Outdoors"] * 3),
        ("categories_that_restart", ["For readers"] * 3 + ["For the street"] * 2),
        ("categories_with_headings_per_idea", ["Small"] * 2 + ["Large"] * 3),
        ("chinese_outline", ["馆内"] * 3 + ["馆外"] * 2),
        ("emoji_categories", ["Inside"] * 2 + ["Outside"] * 3),
    ],
)
def test_the_heading_above_ideas_is_their_category(name: str, categories: list[str]) -> None:
    assert [idea.category for idea in ideas(read_list(SHAPES[name](ENGLISH), 5))] == categories


def test_what_surrounds_the_ideas_is_told_apart() -> None:
    first, *_ideas, last = read_list(SHAPES["bold_lead_paragraphs"](ENGLISH), 5)
    assert isinstance(first, Preamble)
    assert first.text == "Happy to help! Some thoughts:"
    assert isinstance(last, Closing)
    assert last.text == "Would you like me to go deeper into one of them?"


def samples_of(count: int) -> list[Sample]:
    return [
        Sample(f"Idea about {word}", f"A sentence on {word}.", ("", ""))
        for word in list("abcdefghijkl")[:count]
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
@pytest.mark.parametrize(
    "name",
    [
        "parenthesis",
        "bold_number_and_title",
        "emoji_headings",
        "dash_bullets_nested",
        "records",
        "roman",
        "keycaps",
    ],
)
def test_any_number_of_ideas_is_read(name: str, count: int) -> None:
    assert [idea.title for idea in ideas(read_list(SHAPES[name](samples_of(count)), count))] == [
        sample.title for sample in samples_of(count)
    ]
