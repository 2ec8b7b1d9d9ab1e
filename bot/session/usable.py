"""Whether what a small model wrote can be put before people: it may not quote what nobody said."""

import re

from rapidfuzz import utils

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”")


def quotes_truly(text: str, source: str) -> bool:
    """Whether all that `text` has in quotation marks stands in `source`."""
    said = utils.default_process(source)
    quoted = (one or other for one, other in _QUOTED.findall(text))
    return all(utils.default_process(part).strip() in said for part in quoted)


def neatly(text: str) -> str:
    """`text` without spaces inside its quotation marks."""
    return _QUOTED.sub(lambda match: f"“{(match[1] or match[2]).strip()}”", text)
