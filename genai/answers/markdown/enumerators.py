"""Numbers before what they count: `1.`, `1)`, `(1)`, `1、`, `（1）`, keycaps, circles, `Idea 1:`, `一、`, `IV.`."""

import re
from functools import cache

from genai.answers.wording import phrases

_CJK_VALUES = {digit: value for value, digit in enumerate("〇一二三四五六七八九十")}
_CIRCLES = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "❶❷❸❹❺❻❼❽❾❿",
    "➊➋➌➍➎➏➐➑➒➓",
    "⓵⓶⓷⓸⓹⓺⓻⓼⓽⓾",
    "➀➁➂➃➄➅➆➇➈➉",
    "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
)
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TEN = "\U0001f51f"

_CJK = "[〇一二三四五六七八九十]{1,3}"
_COUNTER = "[个個条條点點项項种種款]"
_ONE_OF = "|".join(_SPELT)
_TEXT_FOLLOWS = r"(?=[\s*_\"“”'‘「『《【\[`(（~]|[^\W\d]|$)"


def _styles() -> dict[str, str]:
    """Patterns by the name of the style; the group in each is the number."""
    counted = phrases("marks", "counted")
    return {
        "keycap": rf"((?:[0-9]\ufe0f?\u20e3)+|[0-9]{{2}}\ufe0f?\u20e3|{_TEN})[.:)]?",
        "circled": rf"([{''.join(_CIRCLES)}])[.、:：]?",
        "(1)": r"[(（]\s?(\d{1,3})\s?[)）][.:：、]?",
        "#1": r"#(\d{1,3})(?:[.:：)]|\s[-–—]|(?=\s))",
        "1)": rf"([0-9０-９]{{1,3}})\.?\\?[)）]{_TEXT_FOLLOWS}",
        "1.": rf"([0-9０-９]{{1,3}})(?:\\?[.．]|[、。]){_TEXT_FOLLOWS}",
        "1:": r"(\d{1,3})(?:[:：](?!\d|/)|\s?[-–—|](?=\s+\D)|/(?=\s))",
        "（一）": rf"[(（]({_CJK})[)）][、.:：]?",
        "第一": rf"第({_CJK}|\d{{1,3}})(?:{_COUNTER}?[、，,:：．.]|{_COUNTER}(?:{counted})[:：])",
        "一、": rf"({_CJK})[、．.:：]",
        "Idea 1": rf"(?i:(?:{counted})\s*(?:\#|№|no\.)?\s*(\d{{1,3}}|{_ONE_OF}|{_CJK}|[A-H](?!\w))"
        r"(?:\s*[:：.)、](?!\d)|\s+[-–—|](?=\s)|(?=\s*(?:\*\*|__)?\s*$)|(?=(?:\*\*|__)\s*[:：–—-])))",
        "【1】": rf"(?i:[【\[](?:{counted})?\s*(\d{{1,3}}|{_CJK})[】\]](?![(\[:])\s*[.:：、]?)",
        "one": rf"(?i:({_ONE_OF})[.:)](?=\s+\S))",
        "roman": r"([IVX]{1,5}|[ivx]{1,5})[.)](?=\s|$)",
        "letter": r"([A-Za-z])\\?[.)](?=\s+\S)",
        "(a)": r"\(([a-z])\)(?=\s)",
    }


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all styles, and the name of the style by the name of its group."""
    styles = _styles()
    names = {f"style_{number}": style for number, style in enumerate(styles)}
    whole = "|".join(f"(?P<{name}>{styles[style]})" for name, style in names.items())
    return re.compile(whole), names


def enumerated(text: str) -> tuple[str, int, str]:
    """The style and the number that `text` begins with, and what follows; ('', 0, text) where it has none."""
    pattern, names = _pattern()
    found = pattern.match(text)
    if not found or not found.lastgroup:
        return "", 0, text
    written = next((group for group in found.groups() if group and group != found[0]), found[0])
    return names[found.lastgroup], _value(written), text[found.end() :].lstrip()


def _value(written: str) -> int:
    """The number that digits, Chinese digits, circles, letters or words stand for."""
    digits = re.sub("[\ufe0f\u20e3]", "", written)
    if digits.isdecimal():
        return int(digits)
    if written == _TEN:
        return 10
    if written in _SPELT or written.lower() in _SPELT:
        return _SPELT.index(written.lower()) + 1
    for row in _CIRCLES:
        if written in row:
            return row.index(written) + 1
    if written[0] in _CJK_VALUES:
        return _chinese(written)
    return _roman(written.lower()) or ord(written.lower()) - ord("a") + 1


def _chinese(written: str) -> int:
    tens, ten, ones = written.rpartition("十")
    if ten:
        return 10 * _CJK_VALUES.get(tens, 1) + _CJK_VALUES.get(ones, 0)
    return _CJK_VALUES.get(written, 0)


def _roman(written: str) -> int:
    """The value of Roman digits; 0 for other letters."""
    values = [{"i": 1, "v": 5, "x": 10}.get(letter, 0) for letter in written]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)
