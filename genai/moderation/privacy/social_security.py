"""United States social security numbers, https://www.ssa.gov/employer/randomizationfaqs.html"""

import re
from collections.abc import Iterator, Sequence

from genai.moderation.privacy.context import announced
from genai.moderation.privacy.digits import Group, joined, runs, separators, stretches

_ANNOUNCED = re.compile(r"\bssn|\bss#|social\s+sec|\bsocial\b|taxpayer|\bitin\b", re.IGNORECASE)
_ISSUED = re.compile(r"(?!000|666)\d{3}(?!00)\d{2}(?!0000)\d{4}")
_JOINTS = ({" "}, {"-"}, {"."})


def ssn_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand in groups of 3, 2 and 4, or in any form after a word that announces one."""
    for groups in runs(text):
        for stretch in stretches(groups, 9, 9):
            start, end = stretch[0].start, stretch[-1].end
            if _ISSUED.fullmatch(joined(stretch)) and (
                (_in_form(stretch) and _stands_alone(groups, stretch)) or announced(text, start, _ANNOUNCED)
            ):
                yield start, end


def _in_form(groups: Sequence[Group]) -> bool:
    return [len(group.digits) for group in groups] == [3, 2, 4] and separators(groups) in _JOINTS


def _stands_alone(run: Sequence[Group], groups: Sequence[Group]) -> bool:
    """Whether no further group is joined to `groups` by a dash, as in a longer number."""
    position = run.index(groups[-1]) + 1
    return not (position < len(run) and run[position].before == "-") and groups[0].before not in ("-", "+")
