"""Text to token ids and back, whole or as tokens arrive. Decides nothing about trust.

By a fast (Rust) or a slow (Python) tokenizer. The fast codec works on private copies of the tokenizer, so
that threads cannot disturb each other's settings.

Text that arrives never shows half a character or a control token.
"""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase


class Codec(Protocol):
    """Encodes and decodes, without any tokens added around the text."""

    def encode_markup(self, text: str) -> list[int]:
        """Token ids of trusted text; the names of control tokens become those tokens."""

    def encode_plain(self, text: str) -> list[int]:
        """Token ids, with as little attention to added tokens as the tokenizer allows."""

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`, nothing skipped and no spaces mended."""


class FastCodec:
    """A tokenizer of the `tokenizers` library; plain text is encoded by a copy that has no added tokens."""

    def __init__(self, backend: Tokenizer) -> None:
        specification: dict[str, Any] = json.loads(backend.to_str())
        specification |= {"post_processor": None, "truncation": None, "padding": None}
        self._markup = Tokenizer.from_str(json.dumps(specification))
        self._plain = Tokenizer.from_str(json.dumps(specification | {"added_tokens": []}))

    def encode_markup(self, text: str) -> list[int]:
        """Token ids of trusted text; the names of control tokens become those tokens."""
        return list(self._markup.encode(text, add_special_tokens=False).ids)

    def encode_plain(self, text: str) -> list[int]:
        """Token ids with no added token matched at all."""
        return list(self._plain.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`, nothing skipped and no spaces mended."""
        return str(self._markup.decode(list(ids), skip_special_tokens=False))


class SlowCodec:
    """A tokenizer written in Python."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    def encode_markup(self, text: str) -> list[int]:
        """Token ids of trusted text; the names of control tokens become those tokens."""
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_plain(self, text: str) -> list[int]:
        """Token ids with special tokens taken apart; other added tokens may still be matched."""
        return list(self._tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`, nothing skipped and no spaces mended."""
        return str(
            self._tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False)
        )


def codec_for(tokenizer: PreTrainedTokenizerBase) -> Codec:
    """The codec for a tokenizer as `transformers` loads it."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    return FastCodec(backend) if isinstance(backend, Tokenizer) else SlowCodec(tokenizer)


# Turns tokens into text as they arrive, never showing half a character or a control token.


_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_PATIENCE = 16
"""Tokens held back in the hope that they become a character; a character takes four at most."""


class Detokenizer:
    """The text of one growing sequence of tokens.

    A token's text can depend on its neighbours (spaces, bytes of one character), so each new piece is what
    the last few tokens together gain over those already shown.
    """

    def __init__(self, codec: Codec, hidden: frozenset[int]) -> None:
        self._codec = codec
        self._hidden = hidden
        self._recent: list[int] = []
        self._settled = 0
        self._shown = ""

    def add(self, token: int) -> str:
        """The text that is certain now that `token` is added; '' while a character is incomplete."""
        if token in self._hidden:
            return ""
        self._recent.append(token)
        text = self._codec.decode(self._recent)
        if text.endswith(_REPLACEMENT) and len(self._recent) - self._settled < _PATIENCE:
            return self._gain(text.rstrip(_REPLACEMENT))
        gained = self._gain(text)
        if text:
            self._recent = self._recent[self._settled :]
            self._settled = len(self._recent)
            self._shown = self._codec.decode(self._recent)
        return gained

    def _gain(self, text: str) -> str:
        gained = text[len(self._shown) :]
        if gained:
            self._shown = text
        return gained
