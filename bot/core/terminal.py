"""Text for a terminal without what it obeys: ECMA-48 control functions, and characters that reorder a text.

https://ecma-international.org/publications-and-standards/standards/ecma-48/ and Unicode's UAX #9; for what
escape sequences in output can do see CVE-2003-0063 and its successors.
"""

import re

_SEQUENCE = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?"  # OSC, DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, reports
    r"|\x1b[ -/]*[0-~]?"  # other escapes
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


def neutralise(text: str) -> str:
    """`text` without anything that a terminal obeys, line ends and tabs excepted.

    What is left of a sequence that began in text shown before is only text: its first character was taken there.
    Applying it twice changes nothing more.
    """
    return _CONTROL.sub("", _SEQUENCE.sub("", text))
