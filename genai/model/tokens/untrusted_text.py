"""Encodes text that people typed, so that no part of it can become a control token."""

from functools import lru_cache

from transformers import PreTrainedTokenizerBase

from genai.model.tokens.codec import Codec

_ANCHOR = "\n"


def control_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Ids that only template and model may use: special tokens, and added tokens that are not plain words.

    Added words (`float16`) and runs of spaces stand for text; `<tool_call>` does not, whether or not the
    tokenizer's author flagged it as special.
    """
    added = tokenizer.added_tokens_decoder
    marks = {
        number
        for number, token in added.items()
        if token.special or not (token.content.isspace() or token.content.strip().isalnum())
    }
    return frozenset(marks | set(tokenizer.all_special_ids))


def mend_surrogates(text: str) -> str:
    """Join surrogate pairs and replace lone ones, which have no UTF-8 form (Unicode 16, 3.9), by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class ContentEncoder:
    """Encodes untrusted text; its ids never contain one of `controls`."""

    def __init__(self, codec: Codec, controls: frozenset[int]) -> None:
        self._codec = codec
        self._controls = controls
        self._anchor_ids = codec.encode_plain(_ANCHOR)
        self._adds_prefix = codec.encode_plain("a") != self._after_anchor("a")
        self.encode = lru_cache(maxsize=256)(self._encode)

    def _encode(self, text: str) -> tuple[int, ...]:
        """Token ids of `text`; decoded they give the text back, as far as the vocabulary can spell it."""
        return tuple(self._without_controls(mend_surrogates(text)))

    def _without_controls(self, text: str) -> list[int]:
        """Halve what would contain a control token until it no longer does: half a name names nothing."""
        if not text:
            return []
        ids = self._plain(text)
        if self._controls.isdisjoint(ids):
            return ids
        if len(text) == 1:
            return [number for number in ids if number not in self._controls]
        middle = len(text) // 2
        return self._without_controls(text[:middle]) + self._without_controls(text[middle:])

    def _plain(self, text: str) -> list[int]:
        ids = self._after_anchor(text) if self._adds_prefix else None
        return self._codec.encode_plain(text) if ids is None else ids

    def _after_anchor(self, text: str) -> list[int] | None:
        """Ids of `text` without the space that some tokenizers put before a text's first word."""
        ids = self._codec.encode_plain(_ANCHOR + text)
        count = len(self._anchor_ids)
        return ids[count:] if ids[:count] == self._anchor_ids else None
