"""What a model says around what was asked for: "Sure! Here are five:" before it, "Let me know …" behind it.

A paragraph is a courtesy by its beginning; whether it is dropped is for those who read lists and forms to say.
"""

import re
from functools import cache

from genai.answers.wording import pattern, phrases

_HEADS = 400
"""A courtesy is known by its beginning; more of a paragraph is not looked at."""
_LINKS = r"(?:so|and|but|also|finally|lastly|anyway|or),? "


def opens(text: str) -> bool:
    """Whether a paragraph only leads to what follows."""
    return bool(_opening().match(_head(text)))


def closes(text: str) -> bool:
    """Whether a paragraph turns to the person, behind what was asked for."""
    return bool(_closing().match(_head(text)))


def asks(text: str) -> bool:
    """Whether a line that leads to a list asks the person for what the list names."""
    return bool(pattern("courtesies", "asking").search(text[-_HEADS:].replace("’", "'")))


def _head(text: str) -> str:
    return text[:_HEADS].replace("’", "'")


@cache
def _opening() -> re.Pattern[str]:
    made = rf"(?=[^\n]{{0,200}}(?:\b(?:{phrases('courtesies', 'made')})\b|[:：]\s*$)|\s*[:!])"
    leads = rf"(?:{phrases('courtesies', 'presenting')}){made}|(?:{phrases('courtesies', 'leading')})"
    agrees = rf"(?:{phrases('courtesies', 'agreeing')})(?:\s*[,，!！.。:：~—–-]|\s*$|\s+(?={leads})|\s+i\b)"
    return re.compile(rf"[\W_]{{0,4}}(?:{agrees}|{leads})", re.IGNORECASE)


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(rf"[\W_]{{0,4}}(?:{_LINKS})?(?:{phrases('courtesies', 'offering')})", re.IGNORECASE)
