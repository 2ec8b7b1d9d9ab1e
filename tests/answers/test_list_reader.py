"""The reader of lists as those meet it who call it: what it gives when, and what it makes of odd answers."""

import pytest

from genai.answers.lists import Closing, ListedIdea, ListPart, ListReader, Preamble, read_list


def titles(parts: list[ListPart]) -> list[str]:
    return [part.title for part in parts if isinstance(part, ListedIdea)]


def only(parts: list[ListPart]) -> ListedIdea:
    (idea,) = [part for part in parts if isinstance(part, ListedIdea)]
    return idea


def test_an_idea_is_given_when_the_next_begins() -> None:
    reader = ListReader(3)
    assert reader.feed("Sure:\n\n1. **Ferry bell**: rings") == []
    assert reader.feed(" at dusk.\n") == [Preamble("Sure:\n\n")]
    assert titles(reader.feed("2. **Ro")) == ["Ferry bell"]
    assert titles(reader.feed("pe post**: holds the rope.\n\n3. Ta")) == ["Rope post"]
    assert titles(reader.feed("r pot\n\nWhich one?")) == []
    *rest, closing = reader.close()
    assert titles(rest) == ["Tar pot"]
    assert closing == Closing("Which one?")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("### 1. Ferry bell\nRings.\n", "### 2. Rope post\n"),
        ("**Idea 1: Ferry bell**\nRings.\n", "**Idea 2: Rope post**\n"),
        ("- **Ferry bell**: rings\n", "- **Rope post**: holds\n"),
        ("## Ferry bell\nRings.\n", "## Rope post\n"),
        ("🔔 **Ferry bell**: rings\n", "🪢 **Rope post**: holds\n"),
        ("1、铃：响\n", "2、绳：系\n"),
        ("| Idea | Why |\n|---|---|\n| Ferry bell | rings |\n", "| Rope post | holds |\n"),
    ],
)
def test_every_shape_gives_its_first_idea_before_the_answer_ends(first: str, second: str) -> None:
    reader = ListReader(5)
    assert titles(reader.feed(first)) == []
    assert len(titles(reader.feed(second))) == 1


def test_the_last_idea_of_a_cut_answer_is_not_closed() -> None:
    *whole, cut = read_list("1. **Ferry bell**: rings.\n2. **Rope po", 5)
    assert [part.is_closed for part in whole if isinstance(part, ListedIdea)] == [True]
    assert isinstance(cut, ListedIdea)
    assert (cut.title, cut.is_closed) == ("Rope po", False)


def test_more_ideas_than_asked_for_are_given_as_well() -> None:
    assert titles(read_list("".join(f"{n}. Idea of {n} words\n" for n in range(1, 8)), 5)) == [
        f"Idea of {n} words" for n in range(1, 8)
    ]


def test_an_answer_without_ideas_is_all_preamble() -> None:
    assert read_list("I would rather know more about the ferry first.", 5) == [
        Preamble("I would rather know more about the ferry first.")
    ]
    assert read_list("", 5) == []


def test_questions_back_are_no_ideas() -> None:
    asked = (
        "I need a bit more information. Could you tell me:\n\n- **Where** is the pier?\n- Who comes there?\n"
    )
    assert titles(read_list(asked, 5)) == []


def test_one_idea_may_be_prose() -> None:
    idea = only(
        read_list("Sure! Here is one idea:\n\n**Ferry bell**\n\nIt rings at dusk.\n\nShall I go on?", 1)
    )
    assert (idea.title, idea.body) == ("Ferry bell", "It rings at dusk.")
    assert only(read_list("A bell that rings when the last ferry leaves.", 1)).body.startswith(
        "A bell that rings"
    )


@pytest.mark.parametrize(
    ("line", "title", "body", "link"),
    [
        ("[Tides](https://example.org/a:b): a novel.", "Tides", "a novel.", "https://example.org/a:b"),
        ("**[Tides](https://example.org)** – a novel.", "Tides", "a novel.", "https://example.org"),
        ('"Rings at Dusk"', "Rings at Dusk", "", ""),
        ("**“Rings at Dusk”**", "Rings at Dusk", "", ""),
        ("**Ferry bell** 🔔: rings", "Ferry bell", "rings", ""),
        ("**Title:** Ferry bell", "Ferry bell", "", ""),
        ("**Idea: Ferry bell** – rings", "Ferry bell", "rings", ""),
        ("Ferry bell — rings at 18:30", "Ferry bell", "rings at 18:30", ""),
        ("**Free coffee** for those who wait.", "", "**Free coffee** for those who wait.", ""),
        ("It rings at dusk, and people wave.", "", "It rings at dusk, and people wave.", ""),
        ("铃声：黄昏时响起", "铃声", "黄昏时响起", ""),
    ],
)
def test_the_line_of_an_idea_is_title_and_body(line: str, title: str, body: str, link: str) -> None:
    first, *_others = read_list(f"1. {line}\n2. **Other**: text\n", 2)
    assert isinstance(first, ListedIdea)
    assert (first.title, first.body, first.link) == (title, body, link)


def test_sentences_are_slogans_where_slogans_were_asked_for() -> None:
    assert titles(read_list("1. Ride the past.\n2. Brass still shines!\n3. Next stop: 1911\n", 3, "titles"))[
        :2
    ] == [
        "Ride the past.",
        "Brass still shines!",
    ]


def test_code_and_tables_in_an_idea_stay_whole() -> None:
    text = "1. **Timer**: runs this:\n\n   ```python\n   1. not_an_idea()\n   ```\n\n2. **Bell**: rings\n"
    timer, bell = [part for part in read_list(text, 2) if isinstance(part, ListedIdea)]
    assert "```python\n1. not_an_idea()\n```" in timer.body
    assert bell.title == "Bell"


def test_a_list_of_considerations_before_the_ideas_is_none() -> None:
    text = "What I looked at:\n- price\n- weather\n\nAnd so:\n\n1. **Bell**: rings\n2. **Rope**: holds\n"
    assert titles(read_list(text, 2)) == ["Bell", "Rope"]


def test_lists_after_the_ideas_are_closing_words() -> None:
    text = "1. **Bell**: rings\n2. **Rope**: holds\n\n**Tips**\n\n1. Ask the harbour master\n2. Begin small\n"
    parts = read_list(text, 2)
    assert titles(parts) == ["Bell", "Rope"]
    assert isinstance(parts[-1], Closing)
    assert "harbour master" in parts[-1].text


def test_categories_go_on_after_the_number_that_was_asked_for() -> None:
    text = "**Warm**\n- Sun\n- Toast\n\n**Cold**\n- Frost\n- Slate\n\n**Tips for choosing**\n- Say it aloud\n"
    assert titles(read_list(text, 2, "titles")) == ["Sun", "Toast", "Frost", "Slate"]


@pytest.mark.parametrize("end", ['", "description": "ri', '"}', '"}, {"title": "Ro', '"}]'])
def test_json_is_read_as_far_as_it_goes(end: str) -> None:
    parts = read_list('```json\n[{"title": "Bell", "description": "rings"}, {"title": "Rope' + end, 3)
    assert titles(parts)[:2] == ["Bell", "Rope"]


def test_what_stands_deeper_than_anyone_writes_is_kept_in_the_raw_text() -> None:
    text = "1. **Bell**\n" + "".join("   " * depth + "- deep\n" for depth in range(1, 200))
    idea = only(read_list(text, 1))
    assert idea.title == "Bell"
    assert idea.raw == text


def test_headings_with_as_many_points_as_ideas_are_asked_for_are_ideas() -> None:
    text = "".join(f"### Idea about {what}\n- one\n- two\n- three\n\n" for what in ("bells", "ropes", "tar"))
    assert titles(read_list(text, 3)) == ["Idea about bells", "Idea about ropes", "Idea about tar"]


def test_words_before_and_behind_json_are_told_without_its_signs() -> None:
    first, *_ideas, last = read_list('Here:\n\n```json\n["Bell", "Rope"]\n```\n\nAnything else?', 2, "titles")
    assert isinstance(first, Preamble)
    assert isinstance(last, Closing)
    assert (first.text, last.text) == ("Here:", "Anything else?")


def test_bare_paragraphs_keep_their_words() -> None:
    first, second = read_list("Ferry bell\nIt rings at dusk.\n\nRope post\nIt holds.", 2)
    assert isinstance(first, ListedIdea)
    assert (first.title, first.body) == ("Ferry bell", "It rings at dusk.")
    assert second.raw == "Rope post\nIt holds."
