"""Where a text that grows is cut, to be shown in pieces and to be judged in windows.

Pure functions, which decide the same whatever arrives in which pieces. A border is decided by the text before it and
by no more of what follows than is needed to know that nothing personal goes on over it. A token is a run without white
space; numbers, addresses and keys are made of tokens with a digit or an `@` and of short capital groups between them,
street addresses of a house number and what leads to a postcode.
"""

import re
from collections.abc import Iterator
from typing import Literal

Unit = Literal["sentence", "line"]

_TOKEN = re.compile(r"[^\s。！？]+[。！？]*|[。！？]+")
_PERSONAL = re.compile(r"[\d@]")
_BETWEEN = re.compile(r"[A-Z]{1,4}|[-+()/.#:]+")
_EXTENSION = re.compile(
    r"(?:x|ext\.?|extension)|[-(]?(?:office|home|work|mobile|cell|phone|fax)\b\W{0,3}", re.IGNORECASE
)
_CLOSED = re.compile(r"[.!?;,…。！？][\"')\]*_]*$")
_SENTENCE_CLOSED = re.compile(r"[.!?。！？][\"')\]*_]*$")
_ENDS = {
    "sentence": re.compile(
        r"(?:(?<=[^\d\s.!?…])|(?<=[\d\s][.!?…])|(?<=^[.!?…]))[.!?…]+[\"')\]*_”’»]*\s"
        r"|[。！？]|(?:(?<!\s)[^\S\n]+)?\n"
    ),
    "line": re.compile(r"(?:(?<!\s)[^\S\n]+)?\n"),
}
_SPACE = re.compile(r"\s")
_TOKEN_REACH = 200
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
_NAMED_REACH = 60

_KEY_BEGINS = "-----BEGIN "
_KEY = re.compile(r"-----BEGIN [A-Z ]*(?:PRIVATE KEY(?: BLOCK)?-----|\Z)")
_KEY_END = re.compile(r"-----END [A-Z ]*-----")

_HOUSE = re.compile(r"(?<![\w.])\d{1,5}[A-Za-z]?(?=[ ,\n]+(?:[A-Z]|\d{1,3}(?:st|nd|rd|th)\b|\Z))")
_STREET = re.compile(
    r"\b(?:st|street|ave?|avenue|road|rd|blvd|boulevard|lane|ln|drive|dr|court|ct|place|pl|way|square|sq|terrace"
    r"|highway|hwy|parkway|pkwy|circle|close|crescent|gardens|mews|row|hill|park|trail|broadway|box|floor|flat|suite)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b[A-Z]{2}\.?,?\s{1,3}\d{5}|\b[A-Z]\d[A-Z][ -]?\d[A-Z]\d|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
)
_STREET_REACH, _POSTCODE_REACH = 60, 180
"""Characters after a house number by which the word for a street, and the postcode, must have come."""


def borders(text: str, shown: int, unit: Unit, longest: int, *, is_last: bool = False) -> Iterator[int]:
    """The ends of the pieces that follow the `shown` characters of `text`, as far as they are decided.

    Each piece ends with a `unit`, or between words where that is longer than `longest` characters. With `is_last`
    nothing follows `text`.
    """
    while (end := _next_border(text, shown, unit, longest, is_last)) is not None:
        yield end
        shown = end


def _next_border(text: str, shown: int, unit: Unit, longest: int, is_last: bool) -> int | None:
    limit = shown + longest
    units = (match.end() for match in _ENDS[unit].finditer(text, shown, limit))
    first = _first_cut(text, shown, units, is_last)
    if first is not None or len(text) <= limit:
        return first or None
    words = [match.end() for match in _SPACE.finditer(text, shown, limit)]
    last = _first_cut(text, shown, reversed(words), is_last)
    if last is not None:
        return last or None
    return _first_cut(text, shown, (match.end() for match in _SPACE.finditer(text, limit)), is_last) or None


def _first_cut(text: str, shown: int, ends: Iterator[int], is_last: bool) -> int | None:
    """The first of `ends` that is a border; 0 where that cannot be known yet, None where none is."""
    begun = next((at for at in range(shown, len(text)) if text[at].isalnum()), len(text))
    for end in ends:
        if end <= begun:
            continue
        is_border = may_cut(text, end, is_last=is_last)
        if is_border is None:
            return 0
        if is_border:
            return end
    return None


def may_cut(text: str, end: int, *, is_last: bool = False) -> bool | None:
    """Whether nothing personal goes on over `end`; None where that takes more text to know."""
    if _in_key(text, end):
        return False
    before = _TOKEN.findall(text, max(0, end - _TOKEN_REACH), end)
    if before and _may_continue(before[-1]):
        goes_on = _goes_on(text, end, is_last)
        if goes_on is not False:
            return None if goes_on is None else False
    if before and _may_be_named(text, end, before[-1]):
        return False
    in_address = _in_address(text, end, is_last)
    return None if in_address is None else not in_address


def _may_continue(token: str) -> bool:
    if _EXTENSION.fullmatch(token):
        return True
    return not _CLOSED.search(token) and bool(_PERSONAL.search(token) or _BETWEEN.fullmatch(token))


def _may_be_named(text: str, end: int, token: str) -> bool:
    """Whether words after `end`, in the same sentence, could still say that nine digits before it are somebody's."""
    if _SENTENCE_CLOSED.search(token) or text[end - 1] == "\n":
        return False
    return bool(_NINE_DIGITS.search(text, max(0, end - _NAMED_REACH), end))


def _goes_on(text: str, end: int, is_last: bool) -> bool | None:
    """Whether the token after `end` could belong to the number before it."""
    after = _TOKEN.search(text, end)
    if after is None:
        return False if is_last else None
    if _PERSONAL.search(after.group()):
        return True
    if after.end() == len(text) and not is_last:
        return None
    return bool(_BETWEEN.fullmatch(after.group()) or _EXTENSION.fullmatch(after.group()))


def _in_key(text: str, end: int) -> bool:
    """Whether `end` is inside a block that holds a private key, or inside the line that begins one."""
    begin = text.rfind(_KEY_BEGINS, 0, end)
    return begin >= 0 and bool(_KEY.match(text, begin, end)) and not _KEY_END.search(text, begin, end)


def _in_address(text: str, end: int, is_last: bool) -> bool | None:
    """Whether a street address could go on over `end`: a number, a street and, behind `end`, a postcode."""
    begin = max(0, end - _POSTCODE_REACH)
    houses = [match.start() for match in _HOUSE.finditer(text, begin, end)]
    if not houses:
        return False
    street_by, postcode_by = houses[-1] + _STREET_REACH, houses[-1] + _POSTCODE_REACH
    if len(text) < street_by and not is_last:
        return None
    if not _STREET.search(text, begin, street_by):
        return False
    found = _POSTCODE.finditer(text, max(begin, end - 12), postcode_by)
    if any(match.end() > end for match in found):
        return True
    return False if is_last or len(text) >= postcode_by else None


# The windows that a text is judged in.


def windows(text: str, size: int, overlap: int) -> list[str]:
    """Windows of at most `size` characters that cover `text`, neighbours sharing at least `overlap`.

    Cuts fall on white space where there is some, so that no word is seen only in halves.
    """
    return [text[start:end] for start, end in window_spans(text, size, overlap)]


def window_spans(text: str, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Where the windows are: all but the last are those of any longer text, too, that begins alike."""
    start = 0
    while len(text) - start > size:
        end = _last_space(text, start + size // 2, start + size)
        yield start, end
        start = _last_space(text, end - overlap - overlap // 2, end - overlap)
    yield start, len(text)


def _last_space(text: str, low: int, high: int) -> int:
    """The position after the last white space of `text[low:high]`, or `high` where there is none."""
    for position in range(high, low, -1):
        if text[position - 1].isspace():
            return position
    return high
