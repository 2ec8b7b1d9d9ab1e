"""Local models that think: what their template and tokenizer say, budgets, and thoughts that are never shown."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tokenizers import AddedToken
from transformers import PreTrainedTokenizerBase

from genai.engine.generator import LocalGenerator
from genai.model.tokens.codec import Detokenizer, codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.model.tokens.thinking import thinking_of
from genai.request import GenerationRequest, Sampling, Turn, room_for_answer
from genai.settings import GeneratorSettings
from tests.generator.conftest import CHATML, ModelFolder, byte_level_tokenizer, random_model, tiny_config

SWITCHED = CHATML.replace(
    "<|im_start|>assistant\n",
    "<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}",
)
OPENING = CHATML.replace("<|im_start|>assistant\n", "<|im_start|>assistant\n<think>\n")
HARMONY_TAGS = ("<|start|>", "<|channel|>", "<|message|>", "<|end|>", "<|return|>")
QUESTION = (Turn("user", "tea"),)


def thinker(template: str = CHATML, tags: Sequence[str] = ("<think>", "</think>")) -> PreTrainedTokenizerBase:
    tokenizer = byte_level_tokenizer()
    tokenizer.add_tokens([AddedToken(tag, special=False, normalized=False) for tag in tags])
    tokenizer.chat_template = template
    return tokenizer


def shown_by(tokenizer: PreTrainedTokenizerBase, text: str) -> str:
    """What of a model's tokens reaches whoever looks for thoughts."""
    codec = codec_for(tokenizer)
    hidden = PromptEncoder(tokenizer, codec).controls - thinking_of(tokenizer).tags
    detokenizer = Detokenizer(codec, hidden)
    return "".join(detokenizer.add(token) for token in codec.encode_markup(text))


def test_tags_that_are_control_tokens_are_seen_and_other_control_tokens_are_not() -> None:
    text = "<think>hm</think><tool_call>tea<|im_end|>"
    assert shown_by(thinker(), text) == "<think>hm</think>tea"
    assert shown_by(byte_level_tokenizer(), "<tool_call>tea<|im_end|>") == "tea"


def test_channels_are_seen_where_the_tokenizer_has_all_that_makes_them() -> None:
    text = "<|channel|>final<|message|>tea<|end|>"
    assert shown_by(thinker(tags=HARMONY_TAGS), text) == text
    assert shown_by(thinker(tags=("<|start|>", "<|end|>")), "<|start|>tea<|end|>") == "tea"


@pytest.mark.parametrize(
    ("tokenizer", "closing"),
    [
        (byte_level_tokenizer(), ""),
        (thinker(), "\n</think>\n\n"),
        (thinker(tags=("[THINK]", "[/THINK]")), "\n[/THINK]\n\n"),
        (thinker(template=OPENING, tags=()), "\n</think>\n\n"),
        (thinker(tags=HARMONY_TAGS), "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ],
)
def test_what_ends_a_models_thoughts_is_known(tokenizer: PreTrainedTokenizerBase, closing: str) -> None:
    assert thinking_of(tokenizer).closing == closing


def test_the_end_of_a_message_among_several_does_not_end_the_text() -> None:
    tokenizer = thinker(tags=HARMONY_TAGS)
    assert thinking_of(tokenizer).between == {tokenizer.convert_tokens_to_ids("<|end|>")}
    assert thinking_of(thinker()).between == frozenset()


@pytest.mark.parametrize(
    ("template", "may_think", "opens"),
    [
        (CHATML, True, False),
        (OPENING, True, True),
        (SWITCHED, True, False),
        (SWITCHED, False, False),
    ],
)
def test_a_template_that_opens_a_thought_is_known(template: str, may_think: bool, opens: bool) -> None:
    tokenizer = thinker(template)
    prompt = PromptEncoder(tokenizer, codec_for(tokenizer), may_think=may_think).encode(QUESTION, 200)
    assert prompt.opens_thought is opens


def test_thoughts_are_switched_off_where_the_template_can() -> None:
    tokenizer = thinker(SWITCHED)
    codec = codec_for(tokenizer)
    ends = {
        may: codec.decode(PromptEncoder(tokenizer, codec, may_think=may).encode(QUESTION, 200).ids)
        for may in (True, False)
    }
    assert ends[True].endswith("<|im_start|>assistant\n")
    assert ends[False].endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


def test_an_answer_whose_question_was_left_out_is_not_the_first_turn_where_roles_alternate() -> None:
    tokenizer = thinker(
        "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}" + CHATML
    )
    codec = codec_for(tokenizer)
    turns = [Turn("assistant", "red"), Turn("user", "bread")]
    text = codec.decode(PromptEncoder(tokenizer, codec).encode(turns, 200).ids)
    assert text.startswith("<|im_start|>user\n...<|im_end|>\n<|im_start|>assistant\nred<|im_end|>\n")


def test_the_room_for_an_answer_fits_the_context() -> None:
    free, own = Sampling(max_new_tokens=None), Sampling(max_new_tokens=3000)
    contexts = (0, 256, 2048, 8192, 131_072)
    assert [room_for_answer(free, context) for context in contexts] == [4096, 128, 800, 2048, 4096]
    assert [room_for_answer(own, context) for context in contexts] == [3000, 128, 1024, 3000, 3000]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model behind a template that opens a thought; its random weights never close it."""
    place, tokenizer = tmp_path_factory.mktemp("thinker"), thinker(OPENING)
    tokenizer.save_pretrained(place)
    random_model(tiny_config("llama", len(tokenizer), 512)).save_pretrained(place)
    return place


async def answer(folder: Path, **settings: object) -> AsyncIterator[tuple[str, str | None, int, int]]:
    """Text, end, tokens and thought tokens of a greedy answer."""
    generator = LocalGenerator(
        GeneratorSettings(model=str(folder), quantization="none", device="cpu", slots=2, **settings)  # type: ignore[arg-type]
    )
    await generator.start()
    try:
        sampling = Sampling(temperature=0, max_new_tokens=12, stop=("e", "a"))
        (done,) = await generator.complete(GenerationRequest(QUESTION, sampling, deadline_seconds=60))
        yield done.text, done.finish, done.tokens, done.thought_tokens
    finally:
        await generator.close()


async def test_thoughts_that_are_too_long_are_ended_and_an_answer_comes(folder: Path) -> None:
    async for text, finish, tokens, thoughts in answer(folder, thought_tokens=20):
        assert "<think>" not in text
        assert "</think>" not in text
        assert finish in {"stop", "length"}
        assert 20 <= thoughts < tokens <= thoughts + 12


async def test_a_model_that_does_not_think_has_no_thoughts(model_folder: ModelFolder) -> None:
    async for _text, _finish, tokens, thoughts in answer(model_folder("llama"), thought_tokens=20):
        assert thoughts == 0
        assert tokens <= 12
