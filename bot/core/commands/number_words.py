"""Whole numbers as people write them: digits of any script, English and Chinese number words."""

import re
import unicodedata

_UNITS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"  # noqa: SIM905
    " sixteen seventeen eighteen nineteen".split(" ")
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SIMPLE = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (at + 2) for at, word in enumerate(_TENS)
}
_WORDS = _SIMPLE | {
    f"{tens}{join}{_UNITS[unit]}": _SIMPLE[tens] + unit
    for tens in _TENS
    for unit in range(1, 10)
    for join in "- "
}
_WORDS |= {"a dozen": 12, "dozen": 12, "half a dozen": 6, "a hundred": 100, "hundred": 100}
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(
    r"(?:(?P<hundreds>[一二两三四五六七八九])百)?零?"
    r"(?:(?P<tens>[一二两三四五六七八九])?(?P<ten>十))?(?P<units>[零〇一二两三四五六七八九])?"
)
_MOST_DIGITS = 7
"""A number of more digits is not read: nobody means it."""
NUMBER = (
    rf"\d{{1,{_MOST_DIGITS}}}|"
    + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
    + r"|[零〇一二两三四五六七八九十百]{1,5}"
)
"""A number, as part of a pattern that ignores case."""


def number_in(text: str) -> int | None:
    """The number that `text` is, "5" or "five" or "五"; None where it is none."""
    word = unicodedata.normalize("NFKC", text[:40]).strip().lower()
    if word.isdecimal():
        return int(word) if len(word) <= _MOST_DIGITS else None
    return _WORDS.get(word, _chinese(word))


def _chinese(word: str) -> int | None:
    found = _CHINESE.fullmatch(word)
    if not word or found is None or not any(found.groups()):
        return None
    digits = {name: _CHINESE_DIGITS[found[name]] for name in ("hundreds", "tens", "units") if found[name]}
    tens = 10 * digits.get("tens", 1) if found["ten"] else 0
    return 100 * digits.get("hundreds", 0) + tens + digits.get("units", 0)


_UNIT = r"(?:ideas?|names?|slogans?|taglines?|suggestions?|recommendations?)\s+(?:for|about|on|to)\s+"
_MEASURE = r"\s*[个個条條种種款]\s*"
_NOUN = r"(?:点子|主意|创意|想法|名字|口号|标语|建议|推荐)(?:\s*[:：]\s*|\s*关于\s*|\s+|(?=\S))"
_LEADING = re.compile(
    rf"(?P<count>{NUMBER})(?:(?P<unit>\s+{_UNIT}|{_MEASURE}{_NOUN})|(?P<measure>{_MEASURE})|\s+)(?P<rest>\S.*)",
    re.DOTALL | re.IGNORECASE,
)
_LONGEST_COUNT = 3
"""Digits: a longer number that stands alone before other words is a year, or part of a name."""
_COUNTED = range(2, 21)
"""What a word is a count for without a unit: "five tea shops", but neither "one pot meals" nor "zero waste"."""


def leading_count(text: str) -> tuple[int, str] | None:
    """The count before other words, and those: "5 cups", "five ideas for cups", "五个点子：杯子".

    None where the number is part of what is counted, or of a name: "one pot meals", "2030 cars", "三明治".
    """
    found = _LEADING.fullmatch(text)
    number = number_in(found["count"]) if found else None
    if found is None or number is None:
        return None
    word = found["count"].lower()
    is_alone = word.isdecimal() and len(word) <= _LONGEST_COUNT
    is_word = (word in _SIMPLE or not word.isascii()) and number in _COUNTED
    if not (found["unit"] or is_alone or (is_word and not word.isdecimal())):
        return None
    return number, found["rest"]
