"""Words for numbers, for items of a list and for languages, in what people ask for."""

import re
from collections.abc import Iterator

_UNITS = (
    *(
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
    ),
    *("fourteen", "fifteen", "sixteen"),
)
_NUMBERS = {word: value for value, word in enumerate(_UNITS, 1)} | {
    "a dozen": 12,
    "half a dozen": 6,
    "a couple of": 2,
    "a couple": 2,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
}
NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
"""A number in digits or words; a pattern."""

_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "6th": 6,
    "7th": 7,
    "8th": 8,
    "9th": 9,
    "10th": 10,
    "last": -1,
    "final": -1,
}
_ORDINAL = "|".join(_ORDINALS)
_KIND = "(?:one|idea|name|slogan|tagline|option|suggestion|concept|title)"
_ITEM = (
    rf"(?:(?:the )?(?:{_ORDINAL})(?: {_KIND}s?| (?:two|three|2|3)(?: {_KIND}s)?)?"
    rf"|(?:number|no\.?|nr\.?|#|{_KIND}) ?\d{{1,2}}|\d{{1,2}})"
)
ITEMS = rf"{_ITEM}(?:(?:,? (?:and|&|or|with|plus) |, ?){_ITEM})*"
"""Items of a list by their numbers; a pattern."""
_ONE_ITEM = re.compile(rf"(?P<ordinal>{_ORDINAL})(?: (?P<many>two|three|2|3))?|(?P<digits>\d{{1,2}})")

_LANGUAGES = {
    "english": "en",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "chinese": "zh",
    "mandarin": "zh",
    "japanese": "ja",
    "korean": "ko",
    "russian": "ru",
    "polish": "pl",
    "turkish": "tr",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "greek": "el",
    "czech": "cs",
    "arabic": "ar",
    "hindi": "hi",
    "ukrainian": "uk",
    "hungarian": "hu",
    "romanian": "ro",
    "hebrew": "he",
    "vietnamese": "vi",
    "indonesian": "id",
    "thai": "th",
    "catalan": "ca",
    "welsh": "cy",
    "irish": "ga",
    "latin": "la",
    "deutsch": "de",
    "englisch": "en",
    "französisch": "fr",
    "spanisch": "es",
    "chinesisch": "zh",
    "français": "fr",
    "anglais": "en",
    "allemand": "de",
    "español": "es",
    "inglés": "en",
    "alemán": "de",
}
_LANGUAGES_IN_CHINESE = {
    "中": "zh",
    "汉": "zh",
    "英": "en",
    "德": "de",
    "法": "fr",
    "西班牙": "es",
    "日": "ja",
    "韩": "ko",
    "俄": "ru",
    "意大利": "it",
    "葡萄牙": "pt",
    "阿拉伯": "ar",
}
LANGUAGE = rf"(?:{'|'.join(_LANGUAGES)})"
CHINESE_LANGUAGE = rf"(?:{'|'.join(_LANGUAGES_IN_CHINESE)})[语文]"
"""A language by its name, in European languages and in Chinese; patterns."""


def language_of(name: str) -> str:
    """The code of a language by its name."""
    return (_LANGUAGES | _LANGUAGES_IN_CHINESE)[name.lower().rstrip("语文")]


def number_of(written: str | None) -> int | None:
    """The value of a number in digits or words; None for "some" and its like."""
    if not written:
        return None
    return int(written) if written.isdecimal() else _NUMBERS.get(written.lower().strip())


def items_in(text: str) -> tuple[int, ...]:
    """The items that `text` names, in its order; the last is -1."""
    return tuple(number for found in _ONE_ITEM.finditer(text.lower()) for number in _of(found))


def _of(found: re.Match[str]) -> Iterator[int]:
    if found["digits"]:
        yield int(found["digits"])
        return
    first = _ORDINALS[found["ordinal"]]
    many = number_of(found["many"]) or 1
    yield from range(first, first + many) if first > 0 else range(-many, 0)
