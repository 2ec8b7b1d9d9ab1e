"""Tells sentences that make an attack from those that report it, reject it or tell of history or a game."""

import re

from genai.moderation.hostility.grammar import fill

_SPOKEN = r"(?:say(?:s|ing)?|said|think(?:s|ing)?|claim(?:s|ed|ing)?|believe[sd]?|tell(?:ing)?|call(?:s|ing|ed)?|joke)"
_REJECTING = r"(?:wrong|unacceptable|hateful|offensive|racist|sexist|homophobic|transphobic|antisemitic|ignorant|awful|" \
    r"false|disgraceful|horrible|terrible|shameful|not ok|not okay|not true|a lie|nonsense|bigotry|racism|sexism)"  # fmt: skip

_REPORTED = re.compile(fill(
    rf"\b(?:never|not|n't|nobody|no one|<REJECTING>|how dare (?:you|they|he|she|anyone))(?: to)? (?:\w+ ){{0,3}}{_SPOKEN}\b"
    rf"|\b(?:stop|people who|those who|whoever|anyone who|if you|he|she|they|someone) {_SPOKEN}\b"
    r"|\b(?:saying|thinking|claiming|believing|calling|(?:statements?|phrases?|words|comments?) like)\b"
    r"|\b(?:people|those|anyone|everyone|someone|whoever) (?:who|that) (?:\w+ )?(?:hates?|attacks?|insults?|threatens?|"
    r"hurts?|despises?|kills?|mocks?)\b"
    r"|(?<!why\s)(?<!if\s)\b(?:not|never|nobody|no one|(?:do|does|did|should|must|would|could|wo|ca|have|has)n'?t)(?: (?:should|must|may|has|will|would|can|ever|the right|to|"
    r"have))* (?:\w+ )?(?:hated?|despised?|mean|wish|kill|hurt|attack|harm|treat|insult(?:ed)?|beat|threaten)\b"
    r"|\b(?:hate|tired of|sick of|ashamed of) (?:it when|that|how|when|people who|those who|your racism)\b"
    r"|\b(?:is|are|was|were|it's|that's) (?:a |an |such a |so )?<REJECTING>\b"
    r"|\b(?:shocked|sad|appalled|horrified|angry|upset|sorry) (?:to|that|when) (?:i |we )?(?:read|hear|heard|see|saw|learn)\b"
    r"|\b(?:violence|hate|hatred|racism|attacks?|crimes?|discrimination) (?:against|towards?|of)\b[^.!?\n]{0,60}\b(?:end|"
    r"stop|rise|rising|rose|fight|fought|report\w*)\b"
    .replace("<REJECTING>", _REJECTING)
))  # fmt: skip

_REPLIED = re.compile(fill(
    r"^\W*(?:\w+ ){0,3}(?:you(?:'re| are)|that(?:'s| is)|this is|it(?:'s| is)|what an?|how) (?:\w+ ){0,3}?"
    r"(?:racist|bigot(?:ed|ry)?|sexist|racism|sexism|homophob\w+|transphob\w+|islamophob\w+|antisemit\w+|hateful|hate|wrong|"
    r"disgusting thing|prejudice|horrible|awful|unacceptable|ignorant)\b"
))  # fmt: skip
"""What a next sentence rejects the one before with."""

_HISTORY_OR_PLAY = re.compile(
    r"\b(?:nazis?|hitler|wars?|history|historical|century|regime|game|movie|film|novel|story|sims|minecraft|fortnite)\b"
)
_QUOTE = re.compile(r"[\"“«][^\"”»]+[\"”»]")
_ENDS = re.compile(r"[.!?\n]+")


def is_set_apart(text: str, start: int, end: int) -> bool:
    """Whether the sentence around lower-case `text[start:end]` rejects an attack or tells of history or a game.

    So do quotation marks around it with words outside of them, and a next sentence that objects.
    """
    begins = max(text.rfind(mark, 0, start) for mark in ".!?\n") + 1
    ending = _ENDS.search(text, end)
    ends, after = ending.span() if ending else (len(text), len(text))
    if is_reported(text[begins:ends]) or _REPLIED.search(text[after:]):
        return True
    return any(
        quote.start() < start and end < quote.end() and len(quote.group()) < len(text.strip()) - 8
        for quote in _QUOTE.finditer(text)
    )


def is_reported(sentence: str) -> bool:
    """Whether lower-case `sentence` reports or rejects what it says, or is about history or a game."""
    return bool(_REPORTED.search(sentence) or _HISTORY_OR_PLAY.search(sentence))
