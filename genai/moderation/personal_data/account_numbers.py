"""Numbers of payment cards, bank accounts and US social security.

Where they stand and in which form is found here; whether they can be such numbers python-stdnum says: check digits
(ISO/IEC 7812-1, ISO/IEC 7064), lengths by country (ISO 13616), what was ever issued. Not its structure of account
numbers by country: that left out 9 of 180 made-up ones, and found nothing less that is none."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from stdnum import luhn, numdb
from stdnum.iso7064 import mod_97_10
from stdnum.us import itin, ssn

from genai.moderation.personal_data.digit_runs import (
    Group,
    announced,
    announced_after,
    joined,
    runs,
    separators,
    stretches,
)

_ISSUERS = re.compile(
    r"""4(?:\d{12}|\d{15}|\d{18})                                  # Visa
      | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}  # Mastercard
      | 3[47]\d{13}                                                # American Express
      | (?:6011|64[4-9]\d|65\d\d|62\d\d|81\d\d)\d{12,15}           # Discover, UnionPay
      | 3(?:0[0-5]|09|[689]\d)\d{11,16}                            # Diners Club
      | 35\d{14,17} | (?:2131|1800)\d{11}         # JCB
      | (?:50|5[6-9]|6[0137]|06)\d{10,17}                            # Maestro
      | (?:220[0-4]|65\d\d|9792|508\d|60\d\d)\d{12}                # Mir, Troy, RuPay
    """,
    re.VERBOSE,
)
_JOINTS = ({""}, {" "}, {"-"}, {"."}, set[str]())


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand, in groups of any size or in one."""
    for groups in runs(text):
        end = -1
        for stretch in stretches(groups, 12, 19):
            if stretch[0].start > end and _is_card(stretch):
                end = stretch[-1].end
                yield stretch[0].start, end


def _is_card(groups: Sequence[Group]) -> bool:
    number = joined(groups)
    sizes = [len(group.digits) for group in groups]
    in_groups = min(sizes[:-1], default=12) >= 3 or max(sizes) == 1
    return (
        in_groups
        and "+" not in groups[0].before
        and separators(groups) in _JOINTS
        and bool(_ISSUERS.fullmatch(number))
        and luhn.is_valid(number)
    )


# International bank account numbers: country, length and check digits (ISO 13616).


_PARTS = re.compile(r"(\d{1,3})!")
"""Lengths of the parts of a country's account numbers, in the registry that SWIFT keeps."""
_START = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2}|[a-z]{2})\d{2}")

_WORD = re.compile(
    r"[A-Za-z0-9]{15,34}(?![A-Za-z0-9])|[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){3,7}(?: [A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)


def iban_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where account numbers stand, with single spaces, dashes or line breaks between their characters."""
    for match in _START.finditer(text):
        length = _length(match.group()[:2].upper())
        if length is None:
            continue
        for end in (_end(text, match.start(), length), _word_end(text, match.start())):
            if end and _has_check_digits(text[match.start() : end]):
                yield match.start(), end
                break


def _end(text: str, start: int, length: int) -> int | None:
    """Where `length` letters and digits from `start` end, or None when they do not."""
    match = characters(length).match(text, start)
    return match.end() if match else None


@cache
def characters(length: int) -> re.Pattern[str]:
    """So many letters and digits, with at most one sign between two of them."""
    return re.compile(rf"[A-Za-z0-9](?:[ \-\n]?[A-Za-z0-9]){{{length - 1}}}(?![A-Za-z0-9])")


def _word_end(text: str, start: int) -> int | None:
    """Where a number ends, unbroken or in fours, that is nearly as long as it should be: one mistyped counts."""
    match = _WORD.match(text, start)
    return match.end() if match else None


def _has_check_digits(written: str) -> bool:
    number = "".join(char for char in written if char.isalnum()).upper()
    return mod_97_10.is_valid(number[4:] + number[:4])


@lru_cache
def _length(country: str) -> int | None:
    """Characters of the country's account numbers; None where it has none."""
    parts = _PARTS.findall(numdb.get("iban").info(country)[0][1].get("bban", ""))
    return 4 + sum(map(int, parts)) if parts else None


# United States social security numbers, and those of taxpayers who have none.


_ANNOUNCED = re.compile(r"\bssn|\bss#|social\s+sec|\bsocial\b|taxpayer|\bitin\b", re.IGNORECASE)
_SSN_JOINTS = ({" "}, {"-"}, {"."})


def ssn_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand in groups of 3, 2 and 4, or in any form beside a word that announces one."""
    for groups in runs(text):
        for stretch in stretches(groups, 9, 9):
            start, end = stretch[0].start, stretch[-1].end
            number = joined(stretch)
            if (ssn.is_valid(number) or itin.is_valid(number)) and (
                (_in_form(stretch) and _stands_alone(groups, stretch))
                or announced(text, start, _ANNOUNCED)
                or announced_after(text, end, _ANNOUNCED)
            ):
                yield start, end


def _in_form(groups: Sequence[Group]) -> bool:
    return [len(group.digits) for group in groups] == [3, 2, 4] and separators(groups) in _SSN_JOINTS


def _stands_alone(run: Sequence[Group], groups: Sequence[Group]) -> bool:
    """Whether no further group is joined to `groups` by a dash, as in a longer number."""
    position = run.index(groups[-1]) + 1
    return not (position < len(run) and run[position].before == "-") and groups[0].before not in ("-", "+")
