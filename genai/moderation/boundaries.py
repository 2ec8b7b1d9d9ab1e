"""Where a growing text may be cut for showing, so that nothing that personal data is made of is torn apart.

Pure functions on text. A token is a run without white space; numbers, addresses and keys are made of tokens
with a digit or an `@` and of short capital groups between them.
"""

import re
from typing import Literal

Unit = Literal["sentence", "line"]

_TOKEN = re.compile(r"[^\s。！？]+[。！？]*|[。！？]+")
_PERSONAL = re.compile(r"[\d@]")
_BETWEEN = re.compile(r"[A-Z]{1,4}|[-+()/.#:]+")
_CLOSED = re.compile(r"[.!?;,…。！？][\"')\]*_]*$")
_ENDS = {
    "sentence": re.compile(r"(?<=[^\d\s])[.!?…]+[\"')\]*_”’»]*\s+|[。！？]+\s*|\s*\n\s*"),
    "line": re.compile(r"\s*\n\s*"),
}


def settled(text: str) -> int:
    """How many characters of `text` no later text can turn into a part of personal data."""
    tokens = [(match.start(), match.group()) for match in _TOKEN.finditer(text)]
    end = len(text)
    if tokens and not text[-1].isspace() and text[-1] not in "。！？":
        end = tokens.pop()[0]
    for position, token in reversed(tokens):
        if not _may_continue(token):
            break
        end = position
    return end


def release_point(text: str, shown: int, unit: Unit, longest: int) -> int:
    """The end of what may be shown next, after the `shown` characters that are; `shown` where nothing may.

    Cuts after the last finished `unit`, or between words where one is longer than `longest` characters.
    """
    limit = settled(text)
    for end in reversed([match.end() for match in _ENDS[unit].finditer(text, shown, limit)]):
        if not _tears(text, end):
            return end
    if limit - shown <= longest:
        return shown
    spaces = (match.end() for match in re.finditer(r"\s+", text[: shown + longest]) if match.end() > shown)
    return max((end for end in spaces if not _tears(text, end)), default=shown)


def context_start(text: str, shown: int, characters: int) -> int:
    """Where the context of the next piece starts: at most `characters` back, at the start of a word."""
    start = max(0, shown - characters)
    if start == 0 or text[start - 1].isspace():
        return start
    space = re.search(r"\s", text[start:shown])
    return start + space.end() if space else shown


def _may_continue(token: str) -> bool:
    return not _CLOSED.search(token) and bool(_PERSONAL.search(token) or _BETWEEN.fullmatch(token))


def _tears(text: str, end: int) -> bool:
    """Whether a number or an address could reach over `end`."""
    before = _TOKEN.findall(text, max(0, end - 200), end)
    after = _TOKEN.match(text, end)
    if not before or after is None or not _may_continue(before[-1]):
        return False
    return bool(_PERSONAL.search(after.group()) or _BETWEEN.fullmatch(after.group()))
