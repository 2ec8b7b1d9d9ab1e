"""Makes a text fit a limit, counted as platforms count, without cutting it in the middle.

Whole sentences, then whole clauses, then whole words. Pure functions. What comes out reads as a complete phrase: no
open bracket or quotation, no last word that asks for another.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from unicodedata import normalize

Fits = Callable[[str], bool]
"""Whether a text is within its limit."""

_SENTENCE = re.compile(
    r"(?=\S)(?:[^.!?…。！？]++|[.!?…]++[\"'”’)\]]*+(?!\s|$))*(?:[.!?…]+[\"'”’)\]]*|[。！？]+[”’」』）]*)?"
)
_CLAUSE = re.compile(r"(?:(?<!\s)\s+)?(?:[,;:、，；：]|(?<=\s)[–—-](?=\s))\s*")
_DANGLING_WORDS = (
    "a an the and or nor but so yet if as than that which who whom whose when where while because though although "
    "of to in on at by for from with without into onto about over under between among through during before after "
    "is are was were be been being am do does did has have had will would can could shall should may might must "
    "not no my your our their his her its this these those very more most less some any all both every each"
)
_DANGLING = frozenset(_DANGLING_WORDS.split())
_SUBORDINATE_WORDS = "if when whenever what how why because while once since unless although though as"
_SUBORDINATE = frozenset(_SUBORDINATE_WORDS.split())
_CLAUSE_WORDS = 3
_ENDS = ".!?…。！？"
_PAIRS = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "（": "）"}
_INCHES = re.compile(r'\d"(?!\w)')
_LOOSE = " \t\n,;:、，；：–—-"


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each with its mark."""
    return [found.group().strip() for found in _SENTENCE.finditer(text) if found.group().strip()]


def is_complete(text: str) -> bool:
    """Whether `text` reads as a whole phrase."""
    stripped = text.strip()
    if not stripped or stripped[-1] in ",;:、，；：–—-(“„«" or _is_open(stripped):
        return False
    if stripped.lower().startswith("what if ") and not stripped.endswith("?"):
        return False
    words = re.findall(r"[\w'’-]+", stripped)
    if not words:
        return False
    return stripped[-1] in _ENDS or words[-1].lower() not in _DANGLING


def without_repeats(text: str) -> str:
    """`text` with each sentence once; its line ends stay."""
    seen: set[str] = set()
    lines = []
    for line in text.splitlines():
        fresh = [sentence for sentence in sentences(line) if sentence not in seen]
        seen.update(fresh)
        lines.append(" ".join(fresh))
    return "\n".join(lines).strip()


def by_sentences(text: str, fits: Fits) -> str:
    """The first sentences of `text` that fit together; "" where not even one does."""
    kept = ""
    for sentence in sentences(text):
        longer = f"{kept} {sentence}".strip()
        if not fits(longer):
            break
        kept = longer
    return kept if is_complete(kept) else ""


def by_clauses(text: str, fits: Fits) -> str:
    """The longest beginning of the first sentence that ends where a clause does; "" where none fits."""
    first = next(iter(sentences(text)), "")
    if first.endswith(("?", "？")) or first.split(" ")[0].lower() in _SUBORDINATE:
        return ""
    ends = [found.start() for found in _CLAUSE.finditer(first)]
    for end in reversed(ends):
        phrase = _ended(first[:end], first)
        if _CLAUSE.split(first[:end])[-1].split(" ")[0].lower() in _SUBORDINATE:
            continue
        if len(phrase.split()) >= _CLAUSE_WORDS and fits(phrase) and is_complete(phrase):
            return phrase
    return ""


def by_words(text: str, fits: Fits) -> str:
    """The longest beginning of `text` that ends with a word which needs no other; "" where none fits."""
    words = text.split()
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count]).rstrip(_LOOSE)
        if phrase and fits(phrase) and is_complete(phrase):
            return phrase
    return ""


def capitalised(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def _ended(phrase: str, sentence: str) -> str:
    """The phrase with the mark at the end of the sentence it comes from, where that is a full stop."""
    stripped = phrase.rstrip(_LOOSE)
    return stripped + sentence[-1] if sentence[-1] in ".。" else stripped


def _is_open(text: str) -> bool:
    straight = (text.count('"') - len(_INCHES.findall(text))) % 2 == 1
    return straight or any(text.count(left) > text.count(right) for left, right in _PAIRS.items())


# How platforms count characters. Pure functions; a limit is in the units of one of them.


_ONCE = re.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_LINK = re.compile(r"https?://\S+")
_LINK_WEIGHT = 23
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
_SMS_SEPTETS, _SMS_UNITS = 160, 70


class Counting(StrEnum):
    """What a limit counts: code points, an ad platform's or a post's characters, or those of one SMS."""

    PLAIN = "plain"
    WIDE = "wide"
    POST = "post"
    SMS = "sms"


def length(text: str, counting: Counting = Counting.PLAIN) -> int:
    """The length of `text` as the platform counts it."""
    return _COUNTS[counting](text)


def _wide(text: str) -> int:
    """Google Ads: characters of double-width languages count twice.

    https://support.google.com/google-ads/answer/1704389
    """
    return sum(1 if _ONCE.match(character) else 2 for character in text)


def _post(text: str) -> int:
    """X: weighted characters, 23 for each link, after normalisation to NFC.

    https://docs.x.com/fundamentals/counting-characters; an emoji of several code points counts as each of
    them here, which is never less than X counts.
    """
    links = len(_LINK.findall(text))
    return _wide(_LINK.sub("", normalize("NFC", text))) + _LINK_WEIGHT * links


def _sms(text: str) -> int:
    """One SMS: 160 septets of the GSM 7-bit alphabet, else 70 UTF-16 units, brought to the scale of 160.

    3GPP TS 23.038, 6.2.1.
    """
    if all(character in _GSM or character in _GSM_TWICE for character in text):
        return sum(2 if character in _GSM_TWICE else 1 for character in text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return -(-units * _SMS_SEPTETS // _SMS_UNITS)


_COUNTS: dict[Counting, Callable[[str], int]] = {
    Counting.PLAIN: len,
    Counting.WIDE: _wide,
    Counting.POST: _post,
    Counting.SMS: _sms,
}
