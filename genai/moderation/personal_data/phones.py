"""Telephone numbers, international (ITU-T E.164) and in the forms that countries write them in."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address

from genai.moderation.personal_data.digit_runs import Group, announced, joined, runs, stretches

_ANNOUNCED = re.compile(
    r"""\b(?:phone|telephone|tel|cell|mobile|fax|call(?:ing|ed)?|dial|ring|text(?:ing)?|sms|whatsapp|hotline
    |reach\s+(?:me|us|him|her|them)|desk|office|extension|contact|registered|answering|messages?\s+to
    |voicemail|landline|signal|telegram)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERWISE = re.compile(
    r"""\b(?:isbn|order|invoice|account|acct|licen[cs]e|passport|serial|tracking|reference|ref|version|model|part
    |ticket|case|zip|postcode|price|population|date|dated|since|between|from|in)\b[^\w]*(?:number|no|id)?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?\d{1,6}\b", re.IGNORECASE)
_DATES = ([4, 2, 2], [2, 2, 4], [1, 2, 4], [2, 1, 4], [4, 1, 2], [4, 2, 1])
_YEARS = re.compile(r"(?:(?:19|20)\d\d)+")
_JOINTS = re.compile(r"[ .\-/\n]?|\)[ .\-/\n]?|[ .\-/\n]?\(|[ ]-[ ]")


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand, with country code, brackets and extension."""
    for run in runs(text):
        end = -1
        for groups in stretches(run, 7, 17):
            if groups[0].start > end and _is_phone(text, groups):
                end = groups[-1].end
                extension = _EXTENSION.match(text, end)
                yield _start(groups), extension.end() if extension else end


def _start(groups: Sequence[Group]) -> int:
    """Where the number starts, its plus sign and opening bracket included."""
    opening = re.search(r"(?<![+( ])[+( ]*$", groups[0].before)
    return groups[0].start - (len(opening.group().lstrip(" ")) if opening else 0)


def _is_phone(text: str, groups: Sequence[Group]) -> bool:
    sizes = [len(group.digits) for group in groups]
    if not all(_JOINTS.fullmatch(group.before) for group in groups[1:]):
        return False
    if sizes in _DATES or _YEARS.fullmatch(joined(groups)) or _is_address(groups) or _is_split(text, groups):
        return False
    if _is_international(groups):
        return True
    if sizes == [3, 2, 4]:
        return False
    if _OTHERWISE.search(text, max(0, groups[0].start - 30), groups[0].start):
        return False
    return _is_national(groups, sizes) or _is_announced(text, groups, sizes)


def _is_announced(text: str, groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether words say that this is a telephone number, and its form does not speak against it."""
    on_one_line = not any("\n" in group.before for group in groups[1:])
    possible = on_one_line and 7 <= sum(sizes) <= 13 and min(sizes) >= 2
    return possible and announced(text, groups[0].start, _ANNOUNCED)


def _is_split(text: str, groups: Sequence[Group]) -> bool:
    """Whether the stretch is a part of something longer, such as a decimal number or a word."""
    after = text[groups[-1].end : groups[-1].end + 2]
    is_extension = bool(_EXTENSION.match(text, groups[-1].end))
    return bool(re.match(r"[A-Za-z_%]|[.,:\-/]\d", after)) and not is_extension


def _is_address(groups: Sequence[Group]) -> bool:
    """Whether the groups are an IPv4 address."""
    try:
        IPv4Address(".".join(group.digits for group in groups))
    except AddressValueError:
        return False
    return all(group.before == "." for group in groups[1:])


def _is_international(groups: Sequence[Group]) -> bool:
    """Whether a number with `+` or `00` has a country code and a length that the country could have."""
    digits = joined(groups)
    plus = "+" in groups[0].before
    if not plus and not digits.startswith("00"):
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + (digits if plus else digits[2:]))
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number))


def _is_national(groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the form alone tells a national number."""
    digits = joined(groups)
    if any("\n" in group.before for group in groups[1:]) and sizes != [3, 3, 4]:
        return False
    if sizes[-3:] == [3, 3, 4] and sizes[:-3] in ([], [1]):
        return True
    if "(" in groups[0].before and ")" in groups[1].before if len(groups) > 1 else False:
        return 8 <= len(digits) <= 13
    if len(groups) == 1:
        return _is_north_american(digits) or bool(re.fullmatch(r"0[1-9]\d{8,9}", digits))
    if sizes[0] == 1 and len(groups) >= 4 and re.fullmatch(r"[178]\d{10}", digits):
        return True
    if min(sizes) < 2 or max(sizes) > 8:
        return False
    if digits.startswith("0"):
        return 9 <= len(digits) <= 12
    return len(groups) >= 4 and 9 <= len(digits) <= 12 and len(set(sizes)) > 1 and not _is_amount(sizes)


def _is_north_american(digits: str) -> bool:
    """Whether ten digits are one number of the North American Numbering Plan."""
    return bool(re.fullmatch(r"1?[2-9](?!11)\d\d[2-9](?!11)\d{6}", digits))


def _is_amount(sizes: Sequence[int]) -> bool:
    """Whether the groups are thousands of one number."""
    return all(size == 3 for size in sizes[1:])
