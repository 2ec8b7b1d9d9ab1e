"""Thoughts are kept apart from the answer, however a model or a template marks them and however they arrive."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.answers.lists import ListedIdea, read_list
from genai.answers.thoughts import Part, Piece, Split, ThoughtSplitter, split_thoughts

THOUGHT = "They want ideas.\n1. Bells are loud\n2. Ropes get wet\n"
ANSWER = "1. **Bell**: rings\n2. **Rope**: holds"


@pytest.mark.parametrize(
    "form",
    [
        "<think>\n{t}</think>\n\n{a}",
        "<think>{t}</think>{a}",
        "\n\n<think>\n{t}\n</think>\n{a}",
        "<THINK>{t}</THINK>\n{a}",
        "<thinking>\n{t}</thinking>\n\n{a}",
        "<thought>{t}</thought>\n{a}",
        "<reasoning>{t}</reasoning>{a}",
        "<seed:think>{t}</seed:think>{a}",
        "[THINK]{t}[/THINK]{a}",
        "◁think▷{t}◁/think▷{a}",
        "<|begin_of_thought|>{t}<|end_of_thought|>\n\n<|begin_of_solution|>\n{a}<|end_of_solution|>",
        "<|START_THINKING|>{t}<|END_THINKING|><|START_RESPONSE|>{a}<|END_RESPONSE|>",
        "<|channel|>analysis<|message|>{t}<|end|><|start|>assistant<|channel|>final<|message|>{a}",
        "<|channel|>analysis<|message|>{t}<|end|><|start|>assistant<|channel|>final<|message|>{a}<|return|>",
        "<|start|>assistant<|channel|>analysis<|message|>{t}<|end|>\n<|start|>assistant<|channel|>final <|message|>{a}",
        "analysis{t}assistantfinal{a}",
        "<think>{t}</think>\n<answer>{a}</answer>",
        "<think>{t}</think>\n\n<response>\n{a}</response>",
    ],
)
def test_thoughts_of_every_kind_are_kept_apart(form: str) -> None:
    split = split_thoughts(form.format(t=THOUGHT, a=ANSWER))
    assert split.answer == ANSWER
    assert split.thoughts.strip() == THOUGHT.strip()
    assert not split.is_thinking
    assert [part.title for part in read_list(split.answer, 2) if isinstance(part, ListedIdea)] == [
        "Bell",
        "Rope",
    ]


@pytest.mark.parametrize("tag", ["</think>", "</thinking>", "[/THINK]", "◁/think▷"])
def test_a_tag_that_the_template_opened_is_known_from_the_start(tag: str) -> None:
    split = split_thoughts(f"{THOUGHT}{tag}\n\n{ANSWER}", starts_inside=True)
    assert split == Split(ANSWER, THOUGHT)


def test_a_tag_that_the_template_opened_unsaid_takes_the_answer_back() -> None:
    splitter = ThoughtSplitter()
    assert splitter.feed("Let me see.\n\nBells, ropes.") == [
        Piece(Part.ANSWER, "Let me see.\n\nBells, ropes.")
    ]
    pieces = [*splitter.feed("</think>\n\nBells!"), *splitter.close()]
    assert pieces == [
        Piece(Part.TAG, "</think>", takes_back=True),
        Piece(Part.TAG, "\n\n"),
        Piece(Part.ANSWER, "Bells!"),
    ]
    assert (splitter.thought_characters, splitter.answer_characters) == (26, 6)


def test_a_thought_that_never_ends_is_no_answer() -> None:
    assert split_thoughts("<think>\nOn and on") == Split("", "\nOn and on", is_thinking=True)
    assert split_thoughts("On and on", starts_inside=True) == Split("", "On and on", is_thinking=True)
    harmony = "<|channel|>analysis<|message|>On and on"
    assert split_thoughts(harmony) == Split("", "On and on", is_thinking=True)


@pytest.mark.parametrize(
    "answer",
    [
        "Open it with `<think>` and close it with `</think>`.",
        "The <think> tag is closed by the </think> tag.",
        "```xml\n<think>\nplan\n</think>\n```\nThat is all.",
        "~~~\n<|channel|>analysis<|message|>\n~~~",
        "Write:\n\n1. `[THINK]`\n2. `</think>`\n",
        "analysis of the quay",
        "A <b>bold</b> claim, 3 < 5 and [think] twice.",
        "Send <|end|> when you are done.",
        "    indented from the first line",
    ],
)
def test_tags_that_an_answer_shows_stay_in_it(answer: str) -> None:
    assert split_thoughts(answer) == Split(answer, "")
    assert split_thoughts(f"<think>a</think>\n{answer}").answer == answer


def test_tags_around_the_answer_stay_where_no_thought_stands_before_them() -> None:
    assert split_thoughts("<answer>as asked</answer>").answer == "<answer>as asked</answer>"


def test_thoughts_within_thoughts_end_with_the_outer_one() -> None:
    nested = "<think>\nfirst\n<think>\nsecond\n</think>\nthird\n</think>\n\nThe answer."
    assert split_thoughts(nested) == Split("The answer.", "\nfirst\n\nsecond\n\nthird\n")


def test_an_inner_thought_that_closes_the_outer_one_leaves_the_answer() -> None:
    assert split_thoughts("<think>\n<think>\nonce\n</think>\nThe answer.").answer == "\nThe answer."


def test_thoughts_may_come_again_after_some_answer() -> None:
    assert split_thoughts("Bells.\n<think>\nmore?\n</think>\nRopes.") == Split("Bells.\nRopes.", "\nmore?\n")


def test_calls_of_tools_are_no_answer() -> None:
    assert split_thoughts('<|channel|>commentary to=functions.f <|message|>{"a": 1}<|call|>').answer == ""


def test_thoughts_are_counted_wherever_they_come_from() -> None:
    splitter = ThoughtSplitter()
    splitter.note_thought("beside the answer")
    for piece in ("<thi", "nk>one ", "two", "</thi", "nk>The ", "answer."):
        splitter.feed(piece)
    splitter.close()
    assert splitter.thought_characters == len("beside the answer") + len("one two")
    assert splitter.thought_pieces == 3
    assert splitter.answer_characters == len("The answer.")


BITS = [
    *(
        "<think>",
        "</think>",
        "<thinking>",
        "</thinking>",
        "[THINK]",
        "[/THINK]",
        "◁think▷",
        "◁/think▷",
        "<answer>",
        "</answer>",
    ),
    *(
        "<|channel|>",
        "<|message|>",
        "<|end|>",
        "<|start|>",
        "<|return|>",
        "analysis",
        "final",
        "assistant",
        "assistantfinal",
    ),
    *(
        "A word",
        " ",
        "\n",
        "\n\n",
        "```",
        "`",
        "<",
        "</",
        "[",
        "<|",
        "~~~\n",
        "    ",
        "\r\n",
        "a",
        "x" * 250,
        "1. idea\n",
    ),
]
texts = st.lists(st.sampled_from(BITS), max_size=20).map("".join)


def merged(pieces: list[Piece]) -> list[tuple[Part, bool, str]]:
    """Pieces side by side that belong together, as one: how a text was cut is not to be seen."""
    groups = groupby(pieces, key=lambda piece: (piece.part, piece.takes_back))
    return [
        (part, takes_back, "".join(piece.text for piece in group)) for (part, takes_back), group in groups
    ]


@settings(max_examples=300, deadline=None)
@given(texts, st.lists(st.integers(0, 300), max_size=10), st.booleans())
def test_any_cut_splits_the_same_and_loses_nothing(text: str, places: list[int], starts_inside: bool) -> None:
    whole = ThoughtSplitter(starts_inside)
    expected = [*whole.feed(text), *whole.close()]
    assert "".join(piece.text for piece in expected) == text
    for cuts in (sorted(places), range(len(text))):
        splitter = ThoughtSplitter(starts_inside)
        pieces: list[Piece] = []
        begin = 0
        for place in cuts:
            pieces += splitter.feed(text[begin:place])
            begin = max(begin, place)
        pieces += [*splitter.feed(text[begin:]), *splitter.close()]
        assert merged(pieces) == merged(expected)
        assert splitter.is_thinking == whole.is_thinking
        assert splitter.thought_characters == whole.thought_characters
