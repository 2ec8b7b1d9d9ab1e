"""Text leaves in whole characters and without stop strings, wherever the pieces break."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genai.engine.stop_strings import StopStrings
from genai.model.tokens.codec import Detokenizer, codec_for
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids
from tests.generator.conftest import byte_level_tokenizer, metaspace_tokenizer, slow_tokenizer

MAKERS = {"byte level": byte_level_tokenizer, "metaspace": metaspace_tokenizer, "slow": slow_tokenizer}
CODECS = {
    name: (codec_for(tokenizer), control_ids(tokenizer))
    for name, make in MAKERS.items()
    for tokenizer in [make()]
}
each_codec = pytest.mark.parametrize("name", CODECS)
sound_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2581\ufffd"), max_size=20)


@each_codec
@given(text=sound_text)
def test_deltas_are_whole_characters_and_join_to_the_text(name: str, text: str) -> None:
    codec, controls = CODECS[name]
    ids = ContentEncoder(codec, controls).encode("a" + text + "z")
    detokenizer = Detokenizer(codec, controls)
    deltas = [detokenizer.add(token) for token in ids]
    assert "".join(deltas) == "a" + text + "z"
    assert not any("\N{REPLACEMENT CHARACTER}" in delta for delta in deltas)


@each_codec
def test_control_tokens_are_never_shown(name: str) -> None:
    codec, controls = CODECS[name]
    detokenizer = Detokenizer(codec, controls)
    ids = list(ContentEncoder(codec, controls).encode("bread"))
    shown = "".join(detokenizer.add(token) for token in [*sorted(controls), *ids, *sorted(controls)])
    assert shown.strip() == "bread"


def test_bytes_that_never_become_a_character_do_not_hold_the_text_back() -> None:
    codec, controls = CODECS["byte level"]
    (stray, *_) = codec.encode_plain("\N{BREAD}")
    detokenizer = Detokenizer(codec, controls)
    shown = "".join(detokenizer.add(token) for token in [*[stray] * 40, *codec.encode_plain("bread")])
    assert shown.endswith("bread")


def cut_at_stop(text: str, stops: Sequence[str]) -> str:
    places = [place for place in map(text.find, stops) if place >= 0]
    return text[: min(places)] if places else text


@given(
    st.lists(st.text("abc", max_size=4), max_size=8),
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_a_stop_string_is_found_across_pieces_and_no_part_of_it_shown(
    pieces: list[str], stops: list[str]
) -> None:
    matcher, shown, stopped = StopStrings(stops), "", False
    expected = ""
    for piece in pieces:
        text, stopped = matcher.add(piece)
        shown, expected = shown + text, expected + piece
        if stopped:
            break
    if not stopped:
        shown += matcher.finish()
    assert shown == cut_at_stop(expected, stops)
    assert stopped == any(stop in expected for stop in stops)


def test_a_finished_matcher_holds_nothing() -> None:
    matcher = StopStrings(("\nUser:",))
    assert matcher.add("tea\nUse") == ("tea", False)
    assert matcher.finish() == "\nUse"
    assert matcher.finish() == ""
