"""The input guard: makes any incoming text safe to store and to hand to a model, or refuses it."""

import unicodedata

from bot.core import notices
from bot.core.notices import Notice

_KEPT_CONTROLS = frozenset("\n\t")
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def strip_controls(text: str) -> str:
    """`text` without control and bidirectional characters, which drive terminals or hide text."""
    return "".join(
        char
        for char in text
        if char in _KEPT_CONTROLS or (unicodedata.category(char) != "Cc" and char not in _BIDIRECTIONAL)
    )


def clean(text: str) -> str:
    """`text` fit to store: no controls, lone surrogates replaced by U+FFFD, line ends as `\\n`, trimmed."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return strip_controls(whole.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_prompt(text: str, limit: int) -> Notice | None:
    """Why cleaned `text` cannot be worked on, or None. `limit` in characters."""
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        return notices.EMPTY
    if len(text) > limit:
        return notices.too_long(len(text), limit)
    return None
