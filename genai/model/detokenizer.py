"""Turns tokens into text as they arrive, never showing half a character or a control token."""

from genai.model.codec import Codec

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
