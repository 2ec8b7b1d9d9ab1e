"""Makes text safe: what comes in fit to be stored and given to a model, what a terminal shows free of what it obeys."""

import re
import unicodedata
from itertools import groupby

from bot.core import notices
from bot.core.notices import Notice

_KEPT_CONTROLS = frozenset("\n\t")
_CONTROLS = {
    code: None
    for code in (*range(0x20), *range(0x7F, 0xA0))  # all of Unicode's category Cc
    if chr(code) not in _KEPT_CONTROLS
}
_BIDIRECTIONAL = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_REMOVED = {**_CONTROLS, **dict.fromkeys(map(ord, _BIDIRECTIONAL))}


def strip_controls(text: str) -> str:
    """`text` without control and bidirectional characters, which drive terminals or hide text."""
    return text.translate(_REMOVED)


def clean(text: str) -> str:
    """`text` fit to store: no controls, lone surrogates replaced by U+FFFD, line ends as `\\n`, trimmed."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return strip_controls(whole.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_prompt(text: str, limit: int, longest_word: int) -> Notice | None:
    """Why cleaned `text` cannot be worked on, or None. `limit` and `longest_word` in characters.

    The limit holds for what the text stands for, too: one sign may be written for several letters ("Ⅷ"), and
    whoever reads a text for what it means reads all of them.
    """
    if len(text) > limit:
        return notices.too_long(len(text), limit)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        return notices.EMPTY
    if (word := _longest_word(text, longest_word)) > longest_word:
        return notices.long_word(word, longest_word)
    meant = len(unicodedata.normalize("NFKC", text))
    return notices.too_long(meant, limit) if meant > limit else None


def _longest_word(text: str, limit: int) -> int:
    """The length of the longest word, as far as it is over the limit; scripts without spaces have short words."""
    long = (word for word in text.split() if len(word) > limit)
    return max(
        (
            sum(1 for _ in chars)
            for word in long
            for is_letter_alone, chars in groupby(word, key=lambda char: unicodedata.category(char) == "Lo")
            if not is_letter_alone
        ),
        default=0,
    )


# A terminal: ECMA-48 control functions, and the characters that reorder what is read.
#
# https://ecma-international.org/publications-and-standards/standards/ecma-48/ and Unicode's UAX #9; for what
# escape sequences in output can do see CVE-2003-0063 and its successors.


_SEQUENCE = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?"  # OSC, DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, reports
    r"|\x1b[ -/]*[0-~]?"  # other escapes
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


def neutralise_terminal(text: str) -> str:
    """`text` without anything that a terminal obeys, line ends and tabs excepted.

    Applying it twice changes nothing more.
    """
    return _CONTROL.sub("", _SEQUENCE.sub("", text))
