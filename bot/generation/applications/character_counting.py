"""How platforms count characters. Pure functions; a limit is in the units of one of them."""

import re
from collections.abc import Callable
from enum import StrEnum
from unicodedata import normalize

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
