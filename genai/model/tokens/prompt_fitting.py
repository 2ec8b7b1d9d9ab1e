"""Turns a conversation into token ids that fit the model's context: the only door for text into it.

Tells also which tokens end an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from genai.answers.thought_tags import opened_at_the_end
from genai.errors import InvalidRequest, PromptTooLong
from genai.model.tokens.chat_template import Layout, lay_out
from genai.model.tokens.codec import Codec
from genai.model.tokens.thinking import switches
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids
from genai.request import Turn

_NO_VALUES: Mapping[str, object] = {}
_HEAD_SHARE = 2 / 3
"""Of a request that must be shortened, this much is kept from its beginning, the rest from its end."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Token ids, extra stop strings, and what had to be left out, in a sentence for people (or '').

    `opens_thought` says that the template has opened a thought, in which the model goes on; `has_begun`, that the ids
    end with the beginning of the answer.
    """

    ids: tuple[int, ...]
    stop: tuple[str, ...]
    notice: str
    opens_thought: bool = False
    has_begun: bool = False


class PromptEncoder:
    """Encodes conversations for one tokenizer; safe to use from several threads.

    Unless it `may_think`, a template that can is told to let the model answer at once.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, codec: Codec, *, may_think: bool = True) -> None:
        self._tokenizer = tokenizer
        self._codec = codec
        self._values = switches(may_think)
        self.controls = control_ids(tokenizer)
        self._contents = ContentEncoder(codec, self.controls)
        self._lock = Lock()

    def encode(self, turns: Sequence[Turn], limit: int, values: Mapping[str, object] = _NO_VALUES) -> Prompt:
        """At most `limit` token ids for `turns`; the template is told `values`.

        What does not fit is left out: first the oldest turns other than the instruction, then the middle of
        the last turn. Raises PromptTooLong if the instruction leaves no room, InvalidRequest without a turn.
        """
        if not any(turn.role != "system" for turn in turns):
            raise InvalidRequest("There is nothing to answer: the conversation has no turn of a person.")
        with self._lock:
            return self._fitted(list(turns), limit, {**self._values, **values})

    def content(self, text: str) -> tuple[int, ...]:
        """Token ids of untrusted text, without any control token."""
        return self._contents.encode(text)

    def turn_end(self) -> int | None:
        """The control token that the template writes after an assistant's turn, if it writes one."""
        turns = (Turn("user", ""), Turn("assistant", ""), Turn("user", ""))
        with self._lock:
            pieces = lay_out(self._tokenizer, turns, prompt=False).pieces
        if 1 not in pieces:
            return None
        after = pieces[pieces.index(1) + 1 :]
        text = after[0] if after and isinstance(after[0], str) else ""
        return next((token for token in self._codec.encode_markup(text) if token in self.controls), None)

    def _fitted(self, turns: list[Turn], limit: int, values: Mapping[str, object]) -> Prompt:
        layout, ids = self._encoded(turns, values)
        notice = ""
        while len(ids) > limit and (oldest := _oldest(turns)) is not None:
            del turns[oldest]
            layout, ids = self._encoded(turns, values)
            notice = "The oldest part of the conversation was left out, because it no longer fits."
        if len(ids) > limit:
            ids = self._shortened(turns, layout, len(ids) - limit)
            notice = "Your message was too long for me; I left out its middle."
        return Prompt(ids, layout.stop, notice, bool(opened_at_the_end(layout.tail)))

    def _shortened(self, turns: Sequence[Turn], layout: Layout, excess: int) -> tuple[int, ...]:
        last = len(turns) - 1
        content = self._contents.encode(turns[last].content)
        kept = len(content) - excess
        if turns[last].role == "system" or kept < 1:
            raise PromptTooLong(
                "The instruction is longer than the language model can read; please shorten it."
            )
        head = max(1, round(kept * _HEAD_SHARE))
        tail = kept - head
        return self._ids(turns, layout, {last: content[:head] + content[len(content) - tail :]})

    def _encoded(self, turns: Sequence[Turn], values: Mapping[str, object]) -> tuple[Layout, tuple[int, ...]]:
        layout = lay_out(self._tokenizer, turns, values=values)
        return layout, self._ids(turns, layout, {})

    def _ids(
        self, turns: Sequence[Turn], layout: Layout, shortened: Mapping[int, tuple[int, ...]]
    ) -> tuple[int, ...]:
        ids: list[int] = []
        for piece in layout.pieces:
            if isinstance(piece, str):
                ids += self._codec.encode_markup(piece)
            elif piece in shortened:
                ids += shortened[piece]
            else:
                ids += self._contents.encode(turns[piece].content)
        if layout.stop and (first := self._tokenizer.bos_token_id) is not None:
            ids.insert(0, first)
        return tuple(ids)


def _oldest(turns: Sequence[Turn]) -> int | None:
    """The oldest turn that may be left out: neither an instruction nor the last one."""
    return next((index for index, turn in enumerate(turns[:-1]) if turn.role != "system"), None)


# Which tokens end an answer.


def end_tokens(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, encoder: PromptEncoder
) -> frozenset[int]:
    """End tokens of the generation settings, the configuration and the tokenizer, and of the chat template.

    Many checkpoints name only the end of a document, while their template ends a turn with another token.
    """
    ends: set[int] = set()
    for named in (
        getattr(model.generation_config, "eos_token_id", None),
        model.config.get_text_config().eos_token_id,
        tokenizer.eos_token_id,
        encoder.turn_end(),
    ):
        ends |= {token for token in (named if isinstance(named, list) else [named]) if token is not None}
    return frozenset(ends)
