"""Says pictures in words, as a screen reader does, for classifiers that know words better.

Names are Unicode's own, and those of countries for flags. What only colours or joins a picture is left out.
"""

import re
import unicodedata
from functools import cache, lru_cache

_PICTURE = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0f\u20e3\U000e0020-\U000e007f]+"
)
_JOINING = (
    frozenset("\u200d\ufe0f\u20e3")
    | {chr(code) for code in range(0x1F3FB, 0x1F400)}
    | {chr(code) for code in range(0xE0020, 0xE0080)}
)
_FLAG_A = 0x1F1E6
_FLAG = re.compile("(?<![\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff]{2})\\1*(?![\U0001f1e6-\U0001f1ff])")
"""One flag, once or again and again; among others the same letters spell words."""
_REMEMBERED = 4096
"""Runs of pictures whose words are kept; people may write any number of different ones."""
_PLAINER = {
    "🔪": "knife", "🏳": "flag", "🔫": "gun", "💩": "shit", "🖕": "fuck you finger", "🤮": "vomiting",
    "🤢": "disgusted", "✡": "Jewish star", "☪": "Islam", "🕋": "Kaaba of Islam",
    "🕌": "mosque of Muslims", "🕍": "synagogue of Jews", "👳": "man with turban",
    "🧕": "woman with headscarf", "👲": "Chinese man", "⚧": "transgender", "♿": "disabled",
    "🦼": "wheelchair", "🦽": "wheelchair", "💀": "skull", "☠": "death", "🔥": "fire", "😂": "laughing",
    "🤣": "laughing", "❤": "love", "👏": "applaud", "🗑": "rubbish bin", "👀": "eyes", "🍆": "penis",
    "🍑": "bottom", "🙏": "please", "😡": "angry", "🤬": "cursing", "🤡": "clown", "👨": "man", "👩": "woman",
    "🪓": "axe", "⚰": "coffin",
}  # fmt: skip
"""Where Unicode's name is not what people take the picture for."""
_DARK = frozenset("\U0001f3fe\U0001f3ff")


def in_words(text: str) -> str:
    """`text` with each picture as its name, and one space wherever there is white space."""
    said = text if text.isascii() else _PICTURE.sub(lambda found: _said(found.group()), text)
    return " ".join(said.split())


def flags_named(text: str) -> str:
    """`text` with each flag that stands by itself as the name of its country."""
    return text if text.isascii() else _FLAG.sub(lambda found: _said(found[1]), text)


@lru_cache(maxsize=_REMEMBERED)
def _said(pictures: str) -> str:
    words: list[str] = []
    flag = ""
    for char in pictures:
        if 0 <= ord(char) - _FLAG_A < 26:
            flag += chr(ord("A") + ord(char) - _FLAG_A)
            if len(flag) == 2:
                words.append(_country(flag))
                flag = ""
        elif char in _DARK and words:
            words[-1] = f"Black {words[-1]}"
        elif char not in _JOINING:
            words.append(_PLAINER.get(char) or unicodedata.name(char, "").lower())
    joined = " ".join(word for word in words if word)
    return f" {joined} " if joined else ""


@cache
def _country(code: str) -> str:
    from babel import Locale

    return str(Locale("en").territories.get(code, code))
