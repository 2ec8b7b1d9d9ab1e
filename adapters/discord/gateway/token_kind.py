"""Which other secret of an application was taken for its bot's token. Pure; a real token is told by Discord alone."""

import re

_KINDS = {
    "an id": r"\d{15,21}",
    "the application's public key": r"[0-9a-f]{64}",
    "the application's client secret": r"[A-Za-z0-9_-]{32}",
    "a token of Slack": r"(xox|xapp-).*",
    "a token with the word Bot before it, which does not belong there": r"[Bb]ot\s.*",
    "the address of a webhook": r"https?://.*",
}


def other_kind(token: str) -> str:
    """What it is instead, for people; "" where it may be a bot's token."""
    return next((kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, token)), "")
