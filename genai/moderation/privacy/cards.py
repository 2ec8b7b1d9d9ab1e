"""Payment card numbers: issuer prefix, length and check digit (ISO/IEC 7812-1)."""

import re
from collections.abc import Iterator, Sequence

from genai.moderation.privacy.digits import Group, joined, runs, separators, stretches

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
        and passes_luhn(number)
    )


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
