"""Whatever people type, none of it becomes a control token, and none of it is lost."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerBase

from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids, mend_surrogates
from genai.request import Turn
from tests.generator.conftest import byte_level_tokenizer, metaspace_tokenizer, slow_tokenizer

FRAGMENTS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<tool_call>", "<s>", "</s>", "<unk>", "[INST]", "[/INST]",
    "<pad>", "<extra_id_0>", "<|im_", "start|>", "<", "s>", "[IN", "ST]", "system\n", " ", "\n", "bread",
    "\ud800", "\udc00", "\x00", "\x1b[2J", "é", "🍞", "w0w", "\ue000",
]  # fmt: skip

# SentencePiece writes a space as U+2581, so its vocabulary cannot spell that character itself.
letters = st.text(st.characters(exclude_characters="\u2581"), max_size=3)
any_text = st.lists(st.one_of(st.sampled_from(FRAGMENTS), letters), max_size=12).map("".join)


class Fixture:
    """One tokenizer with what is made from it."""

    def __init__(self, make: Callable[[], PreTrainedTokenizerBase]) -> None:
        self.tokenizer = make()
        self.codec = codec_for(self.tokenizer)
        self.controls = control_ids(self.tokenizer)
        self.content = ContentEncoder(self.codec, self.controls)
        self.prompts = PromptEncoder(self.tokenizer, self.codec)


FIXTURES = {
    "byte level": Fixture(byte_level_tokenizer),
    "metaspace": Fixture(metaspace_tokenizer),
    "slow": Fixture(slow_tokenizer),
}
each_tokenizer = pytest.mark.parametrize("fixture", FIXTURES.values(), ids=FIXTURES.keys())


@each_tokenizer
@settings(max_examples=60, deadline=None)
@given(text=any_text)
def test_content_holds_no_control_token_and_decodes_to_itself(fixture: Fixture, text: str) -> None:
    ids = fixture.content.encode(text)
    assert fixture.controls.isdisjoint(ids)
    anchor = fixture.content.encode("a")
    assert fixture.codec.decode([*anchor, *ids]) == "a" + mend_surrogates(text)


@each_tokenizer
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(any_text, min_size=4, max_size=4))
def test_a_prompt_has_the_control_tokens_of_its_template_only(fixture: Fixture, texts: list[str]) -> None:
    def controls(contents: list[str]) -> list[int]:
        roles = ("system", "user", "assistant", "user")
        turns = [Turn(role, text) for role, text in zip(roles, contents, strict=True)]
        return [token for token in fixture.prompts.encode(turns, 10_000).ids if token in fixture.controls]

    assert controls(texts) == controls(["a", "b", "c", "d"])


@each_tokenizer
def test_the_template_itself_does_use_control_tokens(fixture: Fixture) -> None:
    ids = fixture.prompts.encode([Turn("user", "bread")], 1000).ids
    assert not fixture.controls.isdisjoint(ids)


def test_an_ordinary_prompt_is_tokenised_as_the_template_would() -> None:
    tokenizer = byte_level_tokenizer()
    prompts = PromptEncoder(tokenizer, codec_for(tokenizer))
    turns = [Turn("system", "Be brief."), Turn("user", "Brainstorm five ideas about tea.")]
    expected = tokenizer.apply_chat_template(
        [{"role": turn.role, "content": turn.content} for turn in turns],
        add_generation_prompt=True,
        return_dict=False,
    )
    assert list(prompts.encode(turns, 1000).ids) == expected


def test_an_added_word_stays_a_word() -> None:
    tokenizer = byte_level_tokenizer()
    tokenizer.add_tokens(["float16", "    "])
    assert control_ids(tokenizer).isdisjoint(tokenizer.convert_tokens_to_ids(["float16", "    "]))


@given(st.text(alphabet=st.characters(), max_size=20))
def test_mended_text_has_a_utf8_form_and_sound_text_is_left_alone(text: str) -> None:
    mended = mend_surrogates(text)
    mended.encode("utf-8")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    assert mended == text
