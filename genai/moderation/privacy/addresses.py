"""Street addresses of the United States, Canada and the United Kingdom, by pyap's rules.

https://github.com/vladimarius/pyap. Whole addresses only, up to their postcode: a street with a number alone is how
shops and venues are named, and no rule tells those from homes.
"""

import re
from collections.abc import Iterator

_POSTCODES = {
    "US": re.compile(r"\b[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?\b"),
    "CA": re.compile(r"\b[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b"),
    "GB": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"),
}
_LONGEST = 160
"""Characters of an address; pyap is slow, so it only sees what stands before a postcode."""


_GAP = re.compile(r"[\s,]+")


def street_address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand, from the number of the house to the postcode."""
    for country, postcode in _POSTCODES.items():
        for match in postcode.finditer(text):
            start = max(0, match.start() - _LONGEST)
            for found_start, found_end in _parsed(text[start : match.end()], country):
                yield _word_start(text, start + found_start), start + found_end


def _parsed(text: str, country: str) -> Iterator[tuple[int, int]]:
    """What pyap finds; it reads line breaks as commas and counts in the text that it made of that."""
    import pyap

    clean, origin = "", list[int]()
    end = 0
    for gap in _GAP.finditer(text):
        between = " " if gap.group().isspace() and "\n" not in gap.group() else ", "
        clean += text[end : gap.start()] + between
        origin += [*range(end, gap.start()), *[gap.start()] * len(between)]
        end = gap.end()
    clean += text[end:]
    origin += range(end, len(text))
    for address in pyap.parse(clean, country=country):
        found = clean[address.match_start : address.match_end]
        first = address.match_end - len(found.lstrip(" ,"))
        last = address.match_start + len(found.rstrip(" ,")) - 1
        yield origin[first], origin[last] + 1


def _word_start(text: str, position: int) -> int:
    while position and text[position - 1].isalnum() and text[position].isalnum():
        position -= 1
    return position
