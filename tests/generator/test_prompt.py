"""Conversations are laid out for every template, and cut to fit without losing what matters."""

import pytest

from genai.errors import InvalidRequest, PromptTooLong
from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.request import Turn
from tests.generator.conftest import byte_level_tokenizer, metaspace_tokenizer

SYSTEM = Turn("system", "Answer in rhyme.")


def encoder(*, template: bool = True, metaspace: bool = False) -> PromptEncoder:
    tokenizer = metaspace_tokenizer() if metaspace else byte_level_tokenizer()
    if not template:
        tokenizer.chat_template = None
    return PromptEncoder(tokenizer, codec_for(tokenizer))


def text_of(ids: tuple[int, ...], *, metaspace: bool = False) -> str:
    tokenizer = metaspace_tokenizer() if metaspace else byte_level_tokenizer()
    return codec_for(tokenizer).decode(ids)


def test_without_a_template_a_transcript_is_used_and_ends_at_the_next_speaker() -> None:
    prompt = encoder(template=False).encode([SYSTEM, Turn("user", "bread"), Turn("assistant", "red")], 1000)
    assert text_of(prompt.ids) == "Answer in rhyme.\n\nUser: bread\nAssistant: red\nAssistant:"
    assert "\nUser:" in prompt.stop


def test_a_template_that_refuses_system_turns_gets_the_instruction_in_the_persons_turn() -> None:
    prompt = encoder(metaspace=True).encode([SYSTEM, Turn("user", "bread")], 1000)
    text = text_of(prompt.ids, metaspace=True)
    assert text.index("Answer in rhyme.") < text.index("bread")
    assert text.count("[INST]") == 1


def test_a_template_that_wants_turns_to_alternate_gets_them_joined() -> None:
    turns = [Turn("user", "first"), Turn("user", "second"), Turn("assistant", "third"), Turn("user", "last")]
    text = text_of(encoder(metaspace=True).encode(turns, 1000).ids, metaspace=True)
    assert text.count("[INST]") == 2
    assert [text.index(turn.content) for turn in turns] == sorted(text.index(turn.content) for turn in turns)


def test_the_oldest_turns_go_first_and_the_instruction_stays() -> None:
    turns = [SYSTEM, *(Turn("user", f"topic {number}") for number in range(20)), Turn("user", "the last one")]
    prompt = encoder().encode(turns, 120)
    text = text_of(prompt.ids)
    assert len(prompt.ids) <= 120
    assert SYSTEM.content in text
    assert "the last one" in text
    assert "topic 19" in text
    assert "topic 0<" not in text
    assert "oldest" in prompt.notice


def test_a_last_turn_that_is_too_long_loses_its_middle() -> None:
    request = "Improve this: " + "honest bread " * 100 + "and keep it short."
    prompt = encoder().encode([SYSTEM, Turn("user", "earlier"), Turn("user", request)], 100)
    text = text_of(prompt.ids)
    assert len(prompt.ids) == 100
    assert SYSTEM.content in text
    assert "Improve this:" in text
    assert "keep it short.<|im_end|>" in text
    assert "too long" in prompt.notice


def test_an_instruction_that_fills_the_context_is_refused() -> None:
    with pytest.raises(PromptTooLong) as caught:
        encoder().encode([Turn("system", "word " * 200), Turn("user", "hi")], 60)
    assert "shorten" in caught.value.say


def test_a_conversation_without_a_person_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        encoder().encode([SYSTEM], 100)


def test_what_fits_is_not_commented_on() -> None:
    assert encoder().encode([SYSTEM, Turn("user", "bread")], 1000).notice == ""


def test_the_template_tells_which_token_ends_a_turn() -> None:
    assert encoder().turn_end() == byte_level_tokenizer().convert_tokens_to_ids("<|im_end|>")
    assert encoder(metaspace=True).turn_end() == metaspace_tokenizer().convert_tokens_to_ids("</s>")
    assert encoder(template=False).turn_end() is None


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10 ** 9) %}{{ i }}{% endfor %}",
        "{{ 'x' * (10 ** 12) }}",
        "{{ 10 ** 10 ** 4 // 0 }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "{{ messages.nothing.at.all() }}",
        "{{ (" + "(" * 300 + "1" + ")" * 300 + ") }}",
    ],
    ids=range(6),
)
def test_a_template_that_asks_for_too_much_is_told_once_and_left(
    template: str, caplog: pytest.LogCaptureFixture
) -> None:
    tokenizer = byte_level_tokenizer()
    tokenizer.chat_template = template
    prompts = PromptEncoder(tokenizer, codec_for(tokenizer))
    for _ in range(2):
        assert text_of(prompts.encode([Turn("user", "bread")], 1000).ids) == "User: bread\nAssistant:"
    assert not [record for record in caplog.records if record.exc_info]
    assert len(caplog.records) <= 1
