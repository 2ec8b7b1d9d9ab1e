"""International bank account numbers: country, length and check digits (ISO 13616)."""

import re
from collections.abc import Iterator

_LENGTHS = {
    country: int(entry[:2])
    for entry in (
        "15 NO", "16 BE", "18 DK FO FI GL NL SD FK", "19 MK SI", "20 AT BA EE KZ LT LU XK MN",
        "21 CH HR LI LV", "22 BG BH CR DE GB GE IE ME RS VA", "23 AE GI IL IQ OM TL SO",
        "24 AD CZ ES MD PK RO SA SE SK TN VG", "25 LY PT ST", "26 IS TR", "27 FR GR IT MC MR SM BI DJ",
        "28 AL AZ BY CY DO GT HU LB PL SV NI", "29 BR EG PS QA UA", "30 JO KW MU YE", "31 MT SC", "32 LC",
        "33 RU",
    )
    for country in entry[3:].split()
}  # fmt: skip
"""Characters of each country's account numbers, from the registry that SWIFT keeps."""

_START = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2}|[a-z]{2})\d{2}")

_WORD = re.compile(r"[A-Za-z0-9]{15,34}(?![A-Za-z0-9])")


def iban_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where account numbers stand, with single spaces, dashes or line breaks between their characters."""
    for match in _START.finditer(text):
        length = _LENGTHS.get(match.group()[:2].upper())
        if length is None:
            continue
        for end in (_end(text, match.start(), length), _word_end(text, match.start())):
            if end and has_check_digits(text[match.start() : end]):
                yield match.start(), end
                break


def _end(text: str, start: int, length: int) -> int | None:
    """Where `length` letters and digits from `start` end, or None when they do not."""
    gaps = r"[ \-\n]?"
    match = re.compile(rf"[A-Za-z0-9](?:{gaps}[A-Za-z0-9]){{{length - 1}}}(?![A-Za-z0-9])").match(text, start)
    return match.end() if match else None


def _word_end(text: str, start: int) -> int | None:
    """Where an unbroken number ends that is nearly as long as it should be: one mistyped is personal too."""
    match = _WORD.match(text, start)
    return match.end() if match else None


def has_check_digits(written: str) -> bool:
    """Whether an account number leaves 1 when divided by 97 (ISO/IEC 7064, MOD 97-10)."""
    number = "".join(char for char in written if char.isalnum())
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1
