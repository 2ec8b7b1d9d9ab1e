"""What leaves a model as its answer: no thoughts, nothing behind a stop string, and all of the rest."""

from hypothesis import given
from hypothesis import strategies as st

from genai.answer_stream import AnswerStream
from genai.answers.thought_tags import closing_of, opened_at_the_end
from genai.answers.thoughts import split_thoughts

TEXTS = st.lists(
    st.sampled_from(["<think>", "</think>", "bells", " ", "\n", "\n2.", "okay, ", "a", "1. "]), max_size=12
)


def through(stream: AnswerStream, *parts: str) -> tuple[str, bool]:
    shown = ""
    for part in parts:
        text, stopped = stream.add(part)
        shown += text
        if stopped:
            return shown, True
    return shown + stream.finish(), False


def test_stop_strings_act_on_the_answer_alone() -> None:
    whole = "<think>1. one\n2. two</think>\n1. Bell\n2. Rope"
    assert through(AnswerStream(("\n2.",)), whole) == ("1. Bell", True)
    assert through(AnswerStream(("\n2.",), starts_inside=True), whole.removeprefix("<think>")) == (
        "1. Bell",
        True,
    )


@given(TEXTS, st.booleans())
def test_without_stop_strings_all_of_the_answer_comes_however_it_is_cut(
    parts: list[str], inside: bool
) -> None:
    stream = AnswerStream((), starts_inside=inside)
    shown, _ = through(stream, *parts)
    if not stream.was_taken_back:
        assert shown == split_thoughts("".join(parts), starts_inside=inside).answer


@given(TEXTS)
def test_what_may_be_thoughts_is_kept_and_then_given_whole(parts: list[str]) -> None:
    stream = AnswerStream((), is_unsure=True)
    shown, _ = through(stream, *parts)
    if not stream.was_taken_back:
        assert shown == split_thoughts("".join(parts)).answer


def test_what_reads_like_thoughts_waits_and_anything_else_does_not() -> None:
    stream = AnswerStream((), is_unsure=True)
    assert stream.add("Okay, so bells are")[0] == ""
    assert stream.add(" loud.")[0] == ""
    assert stream.is_kept
    assert stream.add("</think>Bells!\n")[0].strip() == "Bells!"
    assert stream.opened_unsaid
    assert not stream.was_taken_back
    assert AnswerStream((), is_unsure=True).add("Bells ring.")[0] == "Bells ring."


def test_a_guess_that_is_wrong_loses_nothing() -> None:
    stream = AnswerStream((), starts_inside=True, guessed=True)
    assert through(stream, "Bells ", "ring.") == ("Bells ring.", False)
    assert stream.was_no_thought
    right = AnswerStream((), starts_inside=True, guessed=True)
    assert through(right, "Okay, ", "bells.</think>", "Bells ring.") == ("Bells ring.", False)
    assert not right.was_no_thought


def test_what_was_broken_off_is_given_unless_it_may_be_thoughts() -> None:
    stream = AnswerStream(("\n2.",), is_unsure=True)
    assert stream.add("Bells\n2")[0] == "Bells"
    assert stream.finish(is_whole=False) == "\n2"
    kept = AnswerStream((), is_unsure=True)
    kept.add("Okay, so bells")
    assert kept.finish(is_whole=False) == ""


def test_a_template_that_opens_a_thought_is_known_by_its_end() -> None:
    assert opened_at_the_end("<|im_start|>assistant\n<think>\n") == "<think>"
    assert opened_at_the_end("<|assistant|>[THINK]") == "[THINK]"
    for closed in ("<|im_start|>assistant\n", "assistant\n<think>\n\n</think>\n\n", ""):
        assert opened_at_the_end(closed) == ""


def test_every_way_to_open_a_thought_has_its_way_to_close_it() -> None:
    for opening, closing in (
        ("<think>", "</think>"),
        ("<seed:think>", "</seed:think>"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<unused94>thought", "<unused95>"),
    ):
        assert closing_of(opening) == closing
        assert split_thoughts(f"{opening}\nhm\n{closing}\nBells!").answer == "Bells!"
    harmony = f"<|channel|>analysis<|message|>hm{closing_of('<|channel|>')}Bells!"
    assert split_thoughts(harmony).answer == "Bells!"
