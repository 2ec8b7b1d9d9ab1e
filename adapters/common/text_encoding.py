"""Finds out how the bytes of a text file are encoded, where they do not say it themselves.

charset-normalizer says which encodings fit; among those that fit alike, what people write decides: words in one script,
kana in Japanese, Hangul in Korean, and the letters that a script uses most.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from itertools import pairwise

_MARKS = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = (
    *("iso2022_jp", "gb18030", "cp932", "euc_jp", "cp949", "big5", "cp1254", "cp1252", "cp1250", "iso8859_2"),
    *("cp1251", "koi8_u", "cp866", "iso8859_5", "cp1253", "cp1255", "cp1256", "cp874", "cp1257", "mac_roman"),
)
"""Those that people use, of two that fit alike the likelier one first."""
_LOOKED_AT = 60_000
_MOST_CHAOS = 0.5
_MOSTLY = 0.6
_EVERYDAY, _PUNCTUATION = range(0xB0, 0xD8), (0xA1, 0xA3)
"""First bytes of GB 2312: of the characters that people use most, and of signs."""
_CHAOS_STEP, _COHERENCE_STEP = 0.06, 0.15
_KANA = re.compile("[\u3040-\u30ff]")
_FIRST_HANGUL, _LAST_HANGUL = "\uac00", "\ud7a3"
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_LATIN, _OTHER = "a-zA-Z\u00c0-\u024f", "\u0370-\u07ff\u0e00-\u0e7f"
_MIXED = re.compile(f"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]")
_COMMON = frozenset("".join(("оеаинтсрвлкміїў", "αοιετσνηυρπκάέίόή", "יוהלארתבשמ", "اليمونرتبة")))
"""The letters that Cyrillic, Greek, Hebrew and Arabic texts have most of."""
_SINGLE = re.compile("[\u0370-\u07ff]")
_ESCAPED = (b"\x1b$", b"\x1b(")
"""What changes the character set in the Japanese encoding of old mail, all of which is ASCII."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decoded(content: bytes) -> str | None:
    """The text that `content` is, or None where it is no text, or in an encoding that cannot be told."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _read(content, encoding)
    is_escaped = any(sign in content for sign in _ESCAPED)
    text = _read(content, "iso2022_jp" if is_escaped else "utf-8")
    if text is None:
        text = _read(content, _guessed(content) or "utf-8")
    return None if text is None or _CONTROLS.search(text) else text


def _read(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guessed(content: bytes) -> str | None:
    """The likeliest encoding; of a long text by its first part, which may end inside of a character."""
    from charset_normalizer import from_bytes

    found = from_bytes(
        _first_lines(content),
        cp_isolation=list(_ENCODINGS),
        threshold=_MOST_CHAOS,
        language_threshold=0.05,
        enable_fallback=False,
    )
    ranked = [(_rank(str(one), one.encoding, one.chaos, one.coherence), one.encoding) for one in found]
    return min(ranked)[1] if ranked else None


def _first_lines(content: bytes) -> bytes:
    """The beginning, cut after a line end: no encoding of these has one inside of a character."""
    if len(content) <= _LOOKED_AT:
        return content
    return content[: content.rfind(b"\n", 0, _LOOKED_AT) + 1 or _LOOKED_AT]


def _rank(text: str, encoding: str, chaos: float, coherence: float) -> tuple[int, bool, int, int, float, int]:
    """Lower is likelier."""
    foreign = [char for char in text if ord(char) > 127]
    common = sum(char.lower() in _COMMON for char in foreign) / max(1, len(_SINGLE.findall(text)))
    return (
        _kind(text, encoding, foreign, common),
        bool(_MIXED.search(text)) or _has_odd_capitals(text),
        int(chaos / _CHAOS_STEP),
        -int(coherence / _COHERENCE_STEP),
        -common,
        _ENCODINGS.index(encoding) if encoding in _ENCODINGS else len(_ENCODINGS),
    )


def _kind(text: str, encoding: str, foreign: list[str], common: float) -> int:
    """Below 1 for what is text of its language beyond doubt, 2 for what only looks like it."""
    count, kana = len(foreign), len(_KANA.findall(text))
    match encoding:
        case "cp932" | "euc_jp":
            if len(_HALF_WIDTH.findall(text)) * 3 > count:
                return 2
            return 0 if kana * 5 >= count > 0 else 1
        case "cp949":
            hangul = sum(
                _FIRST_HANGUL <= char <= _LAST_HANGUL and _is_everyday_korean(char) for char in foreign
            )
            return -1 if hangul > 2 and hangul * 10 >= count * 9 else 2
        case "gb18030":
            return 0 if kana == 0 and _everyday(text) * 10 >= count * 9 > 9 else 1
    is_odd = bool(_MIXED.search(text)) or _has_odd_capitals(text)
    return 0 if common >= _MOSTLY and all(map(str.isalpha, foreign)) and not is_odd else 1


def _everyday(text: str) -> int:
    """How many characters are of the level of Chinese that everybody uses, or its punctuation."""
    return sum(one[0] in _EVERYDAY or one[0] in _PUNCTUATION for one in map(_as_gb, text) if len(one) == 2)


def _is_everyday_korean(char: str) -> bool:
    """Whether it is of the syllables that the older Korean standard has."""
    return len(char.encode("euc_kr", "ignore")) == 2


def _as_gb(char: str) -> bytes:
    return char.encode("gb18030", "replace")


def _has_odd_capitals(text: str) -> bool:
    """Whether capitals stand behind small letters of the same word, as in what was read wrongly."""
    pairs = [(one, other) for one, other in pairwise(text) if ord(one) > 127 and ord(other) > 127]
    return sum(one.islower() and other.isupper() for one, other in pairs) * 10 > len(pairs)
