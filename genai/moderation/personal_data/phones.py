"""Telephone numbers, international (ITU-T E.164) and in the forms that countries write them in."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address
from itertools import pairwise

from stdnum import isbn

from genai.moderation.personal_data.digit_runs import Group, announced, joined, runs, stretches
from genai.moderation.personal_data.reserved_values import is_reserved_phone

_ANNOUNCED = re.compile(
    r"""\b(?:phone|phoned|telephone|tel|cell|mobile|fax|call(?:ing|ed)?|dial|ring|text(?:ing)?|sms|whatsapp
    |reach\s+\w+(?:\s+\w+)?|desk|office|extension|contact|registered|answering|messages?\s+to|(?:my|his|her|our|their|\w+'s)\s+(?:\w+\s+)?number
    |voicemail|landline|signal|telegram)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"\b[A-Z][a-z]{1,40} ?\(?$")
_NAMED = re.compile(r"(?: ?[-–(] ?| )(?:office|home|work|mobile|cell|phone|fax)\b", re.IGNORECASE)
"""What stands right behind a number and says what it is; `borders` cuts no text before it."""
_PUBLIC = re.compile(r"\b(?:hot|help|life)\s?lines?\b|\bcrisis\s+(?:text\s+)?line\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"""\b(?:isbn|issn|iso|order|invoice|account|acct|licen[cs]e|passport|serial|tracking|reference|ref|version|model|part
    |ticket|case|zip|postcode|price|population|date|dated|since|between|from|in|section|chapter|page|pages|line|lines
    |range|row|year|years|score|count|sum|total|seed|port|pin|code|id)\b[^\w]*(?:number|no|id)?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ARITHMETIC = re.compile(r"[*=<>^%~≈×÷]\s?$|\d\s?[+/*\-]\s?$")
_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?\d{1,6}\b", re.IGNORECASE)
_DATES = ([4, 2, 2], [2, 2, 4], [1, 2, 4], [2, 1, 4], [4, 1, 2], [4, 2, 1])
_OCTETS = 4
_YEARS = re.compile(r"(?:(?:19|20)\d\d)+")
_JOINTS = re.compile(r"[ .\-/\n]?|\)[ .\-/\n]?|[ .\-/\n]?\(|[ ]-[ ]")
_POWERS = frozenset({"2147483647", "2147483648", "4294967295", "4294967296", "3141592653", "2718281828"})
"""Ten digits that programs and mathematics know, in the form of North American numbers."""


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers of somebody stand, with country code, brackets and extension."""
    for run in runs(text):
        end = -1
        for groups in stretches(run, 7, 17):
            if groups[0].start > end and _is_phone(text, groups):
                end = groups[-1].end
                if _is_public(text, groups):
                    continue
                extension = _EXTENSION.match(text, end)
                yield _start(groups), extension.end() if extension else end


def _start(groups: Sequence[Group]) -> int:
    """Where the number starts, its plus sign and opening bracket included."""
    opening = re.search(r"(?<![+( ])[+( ]*$", groups[0].before)
    return groups[0].start - (len(opening.group().lstrip(" ")) if opening else 0)


@lru_cache(maxsize=1024)
def _joins(separator: str) -> bool:
    """Whether a separator can stand within a number."""
    return bool(_JOINTS.fullmatch(separator))


def _is_phone(text: str, groups: Sequence[Group]) -> bool:
    if not all(map(_joins, [group.before for group in groups[1:]])):
        return False
    sizes = [len(group.digits) for group in groups]
    if (
        _is_date(groups, sizes)
        or _YEARS.fullmatch(joined(groups))
        or _is_address(groups)
        or _is_split(text, groups)
    ):
        return False
    if _is_international(groups):
        return True
    if sizes == [3, 2, 4] or _is_progression(groups):
        return False
    before = text[max(0, groups[0].start - 30) : groups[0].start]
    if _OTHERWISE.search(before) or _is_book(joined(groups)):
        return False
    if _is_announced(text, groups, sizes):
        return True
    if _is_aside(text, groups, sizes):
        return True
    return not (_ARITHMETIC.search(before) or _is_listed(groups, sizes)) and _is_national(groups, sizes)


def _is_aside(text: str, groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the number stands alone in brackets behind a name, and is no amount."""
    is_alone = groups[0].before.endswith("(") and text[groups[-1].end : groups[-1].end + 1] == ")"
    is_amount = len(sizes) > 1 and all(size == 3 for size in sizes[1:])
    before = text[max(0, groups[0].start - 42) : groups[0].start]
    return is_alone and not is_amount and 9 <= sum(sizes) <= 12 and bool(_NAME.search(before))


def _is_book(digits: str) -> bool:
    """Whether the digits are an ISBN of thirteen; in ten, every eleventh telephone number would be one."""
    return len(digits) == 13 and bool(isbn.is_valid(digits))


def _is_date(groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the groups are a date, or one with a time after it."""
    if sizes in _DATES:
        return True
    return list(sizes[:3]) in _DATES and any(_YEARS.fullmatch(group.digits) for group in groups[:3])


def _is_public(text: str, groups: Sequence[Group]) -> bool:
    """Whether the number is no person's: reserved, or the line of a service."""
    digits = joined(groups)
    plus = _has_plus(groups)
    sizes = [len(group.digits) for group in groups]
    if not plus and digits.startswith("00"):
        digits, plus = digits[2:], True
    return is_reserved_phone(digits, sizes, is_international=plus) or announced(
        text, groups[0].start, _PUBLIC
    )


def _is_announced(text: str, groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether words say that this is a telephone number, and its form does not speak against it."""
    on_one_line = not any("\n" in group.before for group in groups[1:])
    possible = on_one_line and 7 <= sum(sizes) <= 13 and (min(sizes[1:], default=7) >= 2 or len(sizes) <= 3)
    if not possible:
        return False
    return announced(text, groups[0].start, _ANNOUNCED) or bool(_NAMED.match(text, groups[-1].end))


def _is_progression(groups: Sequence[Group]) -> bool:
    """Whether the groups are numbers at even distances: somebody counts."""
    values = [int(group.digits) for group in groups]
    return len(values) > 2 and len({after - before for before, after in pairwise(values)}) == 1


def _is_listed(groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the groups are numbers one after the other: rising or round ones, decimals, fractions, ranges."""
    values = [int(group.digits) for group in groups]
    if len(values) > 2 and all(value % 10 == 0 for value in values):
        return True
    if (
        len(values) > 3
        and values == sorted(values)
        and sizes[-3:] != [3, 3, 4]
        and groups[0].digits[0] != "0"
    ):
        return True
    between = [group.before for group in groups[1:]]
    dots, slashes, dashes, spaces = (between.count(sign) for sign in "./- ")
    return (dots > 0 and spaces > 0) or slashes > 1 or (dashes > 1 and spaces > 1)


def _is_split(text: str, groups: Sequence[Group]) -> bool:
    """Whether the stretch is a part of something longer, such as a decimal number, an address or a word."""
    if groups[0].before == "." and text[groups[0].start - 2 : groups[0].start - 1].isdigit():
        return True
    after = text[groups[-1].end : groups[-1].end + 2]
    is_extension = bool(_EXTENSION.match(text, groups[-1].end))
    return bool(re.match(r"[A-Za-z_%]|[.,:\-/]\d", after)) and not is_extension


def _is_address(groups: Sequence[Group]) -> bool:
    """Whether the groups are an IPv4 address."""
    if len(groups) != _OCTETS or any(group.before != "." for group in groups[1:]):
        return False
    try:
        IPv4Address(".".join(group.digits for group in groups))
    except AddressValueError:
        return False
    return True


def _is_international(groups: Sequence[Group]) -> bool:
    """Whether a number with `+` or `00` has a country code and a length that the country could have."""
    digits = joined(groups)
    plus = _has_plus(groups)
    if not plus and not digits.startswith("00"):
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + (digits if plus else digits[2:]))
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number))


def _has_plus(groups: Sequence[Group]) -> bool:
    """Whether a plus sign belongs to the number, and does not add it to another."""
    return "+" in groups[0].before and "+ " not in groups[0].before


def _is_national(groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the form alone tells a national number."""
    digits = joined(groups)
    if any("\n" in group.before for group in groups[1:]) and sizes != [3, 3, 4]:
        return False
    if sizes[-3:] == [3, 3, 4] and sizes[:-3] in ([], [1]):
        return True
    if "(" in groups[0].before and ")" in groups[1].before if len(groups) > 1 else False:
        return 8 <= len(digits) <= 13 and not _YEARS.fullmatch(groups[0].digits)
    if len(groups) == 1:
        return _is_north_american(digits) or bool(_UNBROKEN.fullmatch(digits))
    if min(sizes) < 2 or max(sizes) > 8:
        is_hungarian = digits.startswith("06") and sizes == [2, 1, 3, 4]
        return is_hungarian or (
            sizes[0] == 1 and min(sizes[1:]) >= 2 and len(groups) >= 4 and bool(_TRUNK.fullmatch(digits))
        )
    if digits.startswith("0"):
        return 9 <= len(digits) <= 13
    if sizes == [2, 4, 4]:
        return True
    return 9 <= len(digits) <= 12 and tuple(sizes[-3:]) in _ENDINGS and len(groups) >= 4


_UNBROKEN = re.compile(r"0[1-9]\d{8,9}|1[3-9]\d{9}")
_TRUNK = re.compile(r"[178]\d{10}")
_ENDINGS = ((3, 2, 2), (3, 3, 4))
"""Groups that telephone numbers without a leading zero end in; four groups of other sizes are four numbers."""


def _is_north_american(digits: str) -> bool:
    """Whether ten digits are one number of the North American Numbering Plan."""
    return digits not in _POWERS and bool(re.fullmatch(r"1?[2-9](?!11)\d\d[2-9](?!11)\d{6}", digits))
