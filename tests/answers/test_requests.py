"""What people ask for in their own words is understood where it is certain, and is chat everywhere else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.answers.requests import Asked, Intent, brief_of, understand
from genai.prompts import Task
from tests.answers.asked import LATER, SAID, Said


@pytest.mark.parametrize("said", [*SAID, *LATER], ids=lambda said: said.text)
def test_words_mean_what_they_mean(said: Said) -> None:
    asked = understand(said.text)
    if said.intent is None:
        assert asked is None
        return
    assert asked is not None
    assert (asked.intent, asked.task, asked.count) == (said.intent, said.task, said.count)
    assert (asked.items, asked.language) == (said.items, said.language)
    assert asked.subject == said.subject or not said.subject
    assert asked.wish == said.wish or not said.wish


def test_what_is_said_of_a_list_needs_one() -> None:
    assert understand("make the second one cheaper", listed=0) is None
    assert understand("more please", listed=0) is None
    assert understand("shorter", listed=0) is None
    assert understand("combine 2 and 4", listed=3) is None
    assert understand("combine 2 and 4", listed=5) == Asked(Intent.MAKE, Task.COMBINE, items=(2, 4))
    assert understand("make the last one bolder", listed=4) == Asked(Intent.CHANGE, items=(4,), wish="bolder")
    assert understand("five ideas for a quay", listed=0) is not None
    assert understand("what did we say about the quay?", listed=0) is not None


def test_the_other_sentences_belong_to_the_subject() -> None:
    asked = understand("We mend clocks in a cellar. Give me five names for it.")
    assert asked == Asked(Intent.MAKE, Task.NAME, 5, "We mend clocks in a cellar")
    asked = understand("Our trams are empty at noon. 4 ideas please")
    assert asked == Asked(Intent.MAKE, Task.BRAINSTORM, 4, "Our trams are empty at noon")


@pytest.mark.parametrize("mention", ["@riff ", "<@U024BE7LH> ", "@Riff, ", ""])
def test_a_mention_before_the_words_is_none_of_them(mention: str) -> None:
    assert understand(f"{mention}more like 2") == Asked(Intent.ALIKE, items=(2,))


@pytest.mark.parametrize(
    ("task", "text", "count", "subject"),
    [
        (Task.BRAINSTORM, "five ideas for a village pump", 5, "a village pump"),
        (Task.BRAINSTORM, "ideas to fill a village hall", None, "how to fill a village hall"),
        (Task.BRAINSTORM, "a village pump", None, "a village pump"),
        (Task.SLOGAN, "ten slogans for a tram", 10, "a tram"),
        (Task.SLOGAN, "five ideas for a tram", None, "five ideas for a tram"),
        (Task.NAME, "names for a ferry", None, "a ferry"),
        (Task.RECOMMEND, "3 books about knots", None, "3 books about knots"),
        (Task.BRAINSTORM, "五个书店的点子", 5, "书店"),
        (Task.NAME, "  a   ferry ", None, "a ferry"),
    ],
)
def test_a_command_takes_number_and_subject_out_of_its_words(
    task: Task, text: str, count: int | None, subject: str
) -> None:
    assert brief_of(task, text) == (count, subject)


def test_long_texts_and_code_are_chat() -> None:
    assert understand("Give me five ideas for this: " + "text " * 200) is None
    assert understand("Give me five names for this function:\n```\ndef f(): ...\n```") is None
    assert understand("") is None


WORDS = [
    *(
        "give",
        "me",
        "us",
        "five",
        "3",
        "some",
        "a",
        "the",
        "first",
        "second",
        "last",
        "more",
        "like",
        "ideas",
        "names",
        "for",
    ),
    *(
        "to",
        "about",
        "and",
        "or",
        "in",
        "make",
        "it",
        "them",
        "shorter",
        "German",
        "please",
        ",",
        ".",
        "?",
        "but",
        "combine",
    ),
    *(
        "with",
        "what",
        "did",
        "we",
        "say",
        "recommend",
        "brainstorm",
        "hi",
        "thanks",
        "第二个",
        "点子",
        "给我",
        "五个",
        "再来",
    ),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=400))
def test_no_words_break_the_patterns_or_hold_them_up(text: str) -> None:
    begin = time.process_time()
    asked = understand(text)
    assert time.process_time() - begin < 0.5
    assert asked is None or asked.intent in Intent
