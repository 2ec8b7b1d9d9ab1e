"""How a model thinks before it answers, as far as its tokenizer and its chat template tell."""

from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from genai.answers.thought_tags import closing_of, is_part_of_tag, opened_at_the_end

_HARMONY = ("<|channel|>", "<|message|>")
_HARMONY_TAGS = frozenset({*_HARMONY, "<|start|>", "<|end|>", "<|return|>", "<|call|>"})
_SWITCHES = ("enable_thinking", "thinking")
"""What templates that can do without thoughts call the switch."""
_USUAL = "<think>"


@dataclass(frozen=True, slots=True)
class Thinking:
    """`tags` are the ids of control tokens that mark thoughts: they are read, and then not shown.

    `closing` is what ends a thought, "" for a model that is not known to think. `between` end a message of several,
    not the text, whatever the chat template says.
    """

    tags: frozenset[int]
    closing: str
    between: frozenset[int] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether the model is known to think."""
        return bool(self.closing)


def switches(is_on: bool) -> dict[str, bool]:
    """What a chat template is told: nothing where thoughts are welcome, for then its own default holds."""
    return {} if is_on else dict.fromkeys(_SWITCHES, False)


def thinking_of(tokenizer: PreTrainedTokenizerBase) -> Thinking:
    """How a model with this tokenizer thinks."""
    tokens = {number: token.content for number, token in tokenizer.added_tokens_decoder.items()}
    is_harmony = set(_HARMONY) <= set(tokens.values())
    tags = {number: text for number, text in tokens.items() if _is_tag(text, is_harmony)}
    template = str(tokenizer.chat_template or "")
    if is_harmony:
        between = {number for number, text in tags.items() if text == "<|end|>"}
        return Thinking(frozenset(tags), closing_of(_HARMONY[0]), frozenset(between))
    opening = next((tag for text in tags.values() if (tag := opened_at_the_end(text))), "")
    if not opening and _USUAL in template:
        opening = _USUAL
    return Thinking(frozenset(tags), f"\n{closing_of(opening)}\n\n" if opening else "")


def _is_tag(token: str, is_harmony: bool) -> bool:
    if token.lower() in _HARMONY_TAGS:
        return is_harmony
    return is_part_of_tag(token)
