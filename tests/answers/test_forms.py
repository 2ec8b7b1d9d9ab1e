"""Forms are read whatever their labels look like; nothing is filled in, and courtesies are left out."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from genai.answers.labelled_forms import Form, FormLabel, read_form
from tests.answers.forms import AD, CALLED, COPY, CRITIQUE, DESIGN, FORMS, IMPROVED, LOOKS, VALUES


def texts(text: str, form: Form) -> dict[str, str]:
    return {name: part.text for name, part in read_form(text, form).parts.items()}


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", FORMS)
def test_labels_of_every_look_and_name_are_known(name: str, look: str, called: str) -> None:
    form = FORMS[name]
    text = LOOKS[look]({CALLED[called][label.name]: VALUES[label.name] for label in form.labels})
    assert texts(text, form) == {label.name: VALUES[label.name] for label in form.labels}
    assert read_form(text, form).missing == ()


def test_lists_below_labels_are_items() -> None:
    text = "## Problem\nNo shade.\n\n## Users\n- Walkers\n- Dogs\n\n## Features\n1. Sails\n2. Ropes\n   - of hemp\n"
    read = read_form(text, DESIGN)
    assert read.parts["Users"].items == ("Walkers", "Dogs")
    assert read.parts["Features"].items == ("Sails", "Ropes\n  - of hemp")
    assert read.parts["Problem"].items == ()
    assert read.missing == ("Constraints", "Concept", "Risks")


def test_a_label_that_comes_several_times_has_as_many_items() -> None:
    search = Form((FormLabel("Headline", is_line=True), FormLabel("Description")))
    text = "Headline 1: Tea on time\nHeadline 2: Hot at six\nDescription 1: A cart.\nDescription 2: A flag."
    read = read_form(text, search)
    assert read.parts["Headline"].items == ("Tea on time", "Hot at six")
    assert read.parts["Description"].items == ("A cart.", "A flag.")


def test_a_plural_label_with_a_list_below_is_as_many_items() -> None:
    search = Form((FormLabel("Headline", is_line=True), FormLabel("Description")))
    read = read_form(
        "**Headlines:**\n1. Tea on time\n2. Hot at six\n\n**Descriptions:**\n- A cart.\n", search
    )
    assert read.parts["Headline"].items == ("Tea on time", "Hot at six")
    assert read.parts["Description"].items == ("A cart.",)


@pytest.mark.parametrize(
    "text",
    [
        "Certainly! Here's a better version:\n\n**Title: Tea Cart with a Flag**\n\nA cart that shows when it is hot.",
        "**Tea Cart with a Flag**: A cart that shows when it is hot.",
        "**Tea Cart with a Flag**\n\nA cart that shows when it is hot.",
        "## Tea Cart with a Flag\nA cart that shows when it is hot.\n\nLet me know if you want it simpler!",
        "Title: Tea Cart with a Flag\nImproved idea: A cart that shows when it is hot.",
        "Sure:\n\n1. **Tea Cart with a Flag** – A cart that shows when it is hot.",
        "“Tea Cart with a Flag” – A cart that shows when it is hot.",
        "### Improved Idea\n**Tea Cart with a Flag**: A cart that shows when it is hot.",
    ],
)
def test_a_better_idea_is_a_title_and_a_text(text: str) -> None:
    found = texts(text, IMPROVED)
    assert found["Title"] == "Tea Cart with a Flag"
    assert found["Idea"] == "A cart that shows when it is hot."


@pytest.mark.parametrize(
    "label",
    [
        "*What changed*:",
        "**What's different:**",
        "**Changes:**",
        "### What changed\n",
        "Key changes:",
        "**What is new** –",
    ],
)
def test_what_changed_is_told_apart(label: str) -> None:
    text = f"**Title: Tea Cart with a Flag**\n\nA cart that shows when it is hot.\n\n{label} it is seen from afar."
    found = texts(text, IMPROVED)
    assert found["Idea"] == "A cart that shows when it is hot."
    assert found["What changed"] == "it is seen from afar."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Sure! Here is your copy:\n\n", "\n\nLet me know if you want another tone!"),
        ("Here's a paragraph for the kiosk:\n\n", ""),
        ("Certainly!\n\n", "\n\nI hope this helps. Would you like a shorter one?"),
        ("**Copy:**\n", "\n\nFeel free to change the last line."),
        ("好的！以下是文案：\n\n", "\n\n如果您想要别的语气，请告诉我。"),
        ("Klar! Hier ist der Text:\n\n", "\n\nSag mir, wenn er kürzer sein soll."),
        ("", ""),
    ],
)
@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "{}", "**{}**", "```\n{}\n```"])
def test_copy_stands_without_courtesies_and_quotes(before: str, after: str, quotes: str) -> None:
    copy = "A pot of tea that waits for the last ferry. Sit down, warm up, go home."
    found = read_form(f"{before}{quotes.format(copy)}{after}", COPY)
    assert found.parts["Text"].text == copy


def test_words_that_only_look_like_courtesies_stay() -> None:
    copy = "Here's to the last ferry.\n\nSure of foot, slow of step.\n\nThe quay remembers."
    assert texts(copy, COPY)["Text"] == copy


def test_nothing_is_filled_in() -> None:
    read = read_form("**Headline:** Warm hands\n\n**Body:**\n\n**Call to action:** Come by", AD)
    assert read.missing == ("Body",)
    assert "Body" not in read.parts
    assert read_form("", CRITIQUE).missing == ("Strength", "Risk", "Test")
    assert read_form("It is a fine idea.", CRITIQUE).missing == ("Strength", "Risk", "Test")
    assert read_form("It is a fine idea.", CRITIQUE).others == {"": "It is a fine idea."}


def test_an_ad_without_labels_is_its_body() -> None:
    read = read_form("Sure, here's an ad:\n\nTea on the quay, hot at six.", AD)
    assert {name: part.text for name, part in read.parts.items()} == {"Body": "Tea on the quay, hot at six."}
    assert read.missing == ("Headline", "Call to action")


def test_foreign_headings_are_kept_beside_the_form() -> None:
    text = "**Headline:** Warm hands\n\n**Visual:** A kettle at dusk\n\n**Body:** Tea.\n\n**CTA:** Come by"
    read = read_form(text, AD)
    assert read.parts["Headline"].text == "Warm hands"
    assert read.others == {"Visual": "A kettle at dusk"}


def test_bold_words_in_a_section_stay_in_it() -> None:
    text = "**Problem:** Cold.\n\n**Features:**\n**Lid:** keeps warm\n**Tap:** drips not\n\n**Risks:** Wind."
    found = texts(text, DESIGN)
    assert found["Features"] == "**Lid:** keeps warm\n**Tap:** drips not"
    assert found["Risks"] == "Wind."


def test_points_with_labels_stay_in_their_part() -> None:
    text = "## Strengths\n- **Test of time**: old as tea\n\n## Risks\n- **Risk of rain**: yes\n\n## Test\n- Two Fridays"
    assert texts(text, CRITIQUE) == {
        "Strength": "- **Test of time**: old as tea",
        "Risk": "- **Risk of rain**: yes",
        "Test": "- Two Fridays",
    }


def test_names_given_by_the_caller_are_known_as_well() -> None:
    form = Form((FormLabel("Opening line", also=("Eröffnung",)), FormLabel("Close")))
    assert texts("Eröffnung: Moin!\nClose: Bis Freitag.", form) == {
        "Opening line": "Moin!",
        "Close": "Bis Freitag.",
    }


PIECES = [
    *(
        "## Problem\n",
        "**Users:** ",
        "Risk: ",
        "- **Test**: ",
        "Headline",
        "\n",
        "\n\n",
        "```",
        "---",
        "> ",
        "| a | b |\n",
    ),
    *(
        "Sure! Here it is:",
        "Let me know.",
        "{",
        '"body": "x"',
        "}",
        "**",
        "text",
        "1. ",
        "优点：",
        "【标题】",
        "\r\n",
        "*",
    ),
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.sampled_from([AD, DESIGN, CRITIQUE, COPY, IMPROVED]),
)
@example("text****Users:** ## Problem\n## Problem\n", IMPROVED)
@example("*\n*", AD)  # two bare marks: a quotation of nothing
def test_no_answer_breaks_the_reader_and_no_word_is_invented(text: str, form: Form) -> None:
    read = read_form(text, form)
    # bold inside of a word is one word to a reader, as it is to Markdown
    words = {word for way in (text, text.replace("**", "")) for word in re.findall(r"\w+", way)}
    names = {label.name for label in form.labels if label.required}
    assert set(read.missing) == names - set(read.parts)
    for part in read.parts.values():
        assert part.text.strip()
        assert set(re.findall(r"\w+", part.text)) <= words


LONG = {
    "labels": lambda size: "Problem: x\n" * (size // 11),
    "spaces": lambda size: "Problem: " + " " * size + "x",
    "bold": lambda size: "**a:** b " * (size // 9),
    "rows": lambda size: "|a|b|\n" * (size // 6),
    "quotation": lambda size: "> a\n" * (size // 4),
    "courtesies": lambda size: "Sure!\n\n" * (size // 7),
    "open json": lambda size: '{"a":' * (size // 5),
}


def seconds(text: str) -> float:
    begin = time.process_time()
    for form in (AD, DESIGN, COPY, IMPROVED):
        read_form(text, form)
    return time.process_time() - begin


def least(text: str) -> float:
    return min(seconds(text) for _try in range(3))


@pytest.mark.parametrize("name", LONG)
def test_work_grows_with_the_length_and_not_with_its_square(name: str) -> None:
    """Eight times the text takes about eight times as long; the least of several tries, for machines are busy."""
    once = least(LONG[name](4_000))
    assert least(LONG[name](32_000)) < 8 * 4 * max(once, 0.004)
