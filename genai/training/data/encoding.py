"""Encodes conversations for training with the tokens that serving uses; only answers carry loss.

Text that people typed never becomes a control token, in training as in serving.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transformers import PreTrainedTokenizerBase

from genai.model.tokens.chat_template import Piece, lay_out
from genai.model.tokens.codec import codec_for
from genai.model.tokens.prompt_fitting import PromptEncoder
from genai.model.tokens.untrusted_text import ContentEncoder, control_ids
from genai.request import Turn
from genai.training.run.errors import TrainingError

IGNORED: Final = -100
"""Label of a token that carries no loss (PyTorch's convention)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a conversation, and the ids to predict, IGNORED outside the answers; both (tokens,)."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]


class ConversationEncoder:
    """Encodes for one tokenizer. Raises TrainingError when its template has no token that ends an answer."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._codec = codec_for(tokenizer)
        self._contents = ContentEncoder(self._codec, control_ids(tokenizer))
        end = PromptEncoder(tokenizer, self._codec).turn_end()
        end = tokenizer.eos_token_id if end is None else end
        if not isinstance(end, int):
            raise TrainingError("The tokenizer has no end token; set its eos_token before training.")
        self.end = end
        """The token that ends an answer."""

    def encode(self, turns: Sequence[Turn]) -> Encoded:
        """The conversation, which ends with an answer: loss on every answer and on the token that ends it."""
        prompt = self._laid_out(turns[:-1])
        answer = self.answer(turns[-1].content)
        return Encoded((*prompt.ids, *answer), (*prompt.labels, *answer))

    def prompt(self, turns: Sequence[Turn]) -> tuple[int, ...]:
        """Token ids of the turns and of the opening of the answer, as serving encodes them."""
        return self._laid_out(turns).ids

    def answer(self, text: str) -> tuple[int, ...]:
        """Token ids of an answer and of the token that ends it."""
        return (*self._contents.encode(text), self.end)

    def _laid_out(self, turns: Sequence[Turn]) -> Encoded:
        layout = lay_out(self._tokenizer, turns)
        ids: list[int] = []
        labels: list[int] = []
        if layout.stop and self._tokenizer.bos_token_id is not None:
            ids, labels = [self._tokenizer.bos_token_id], [IGNORED]
        answered = False
        for piece in layout.pieces:
            part = self._part(piece, turns)
            learnt = isinstance(piece, int) and turns[piece].role == "assistant"
            ends = answered and part[:1] == (self.end,)
            ids += part
            labels += part if learnt else [self.end if ends else IGNORED, *[IGNORED] * (len(part) - 1)]
            answered = learnt
        return Encoded(tuple(ids), tuple(labels))

    def _part(self, piece: Piece, turns: Sequence[Turn]) -> tuple[int, ...]:
        if isinstance(piece, int):
            return self._contents.encode(turns[piece].content)
        return tuple(self._codec.encode_markup(piece))
