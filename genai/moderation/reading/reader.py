"""Reads a text before it is judged: as it is written, in Latin letters, and as it is meant."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from genai.moderation.borders import windows
from genai.moderation.reading.deobfuscation import Unmasker
from genai.moderation.reading.emoji_words import flags_named

_NAMED = re.compile(r"LATIN (?:LETTER )?(?:CAPITAL |SMALL )+(?:LETTER )?(?:CAPITAL )?([A-Z])\b")
_SPACE = re.compile(r"(\s+)")
_NUMBERS = re.compile(r"(?<!\S)[A-Z]{0,4}\d\S*")
_MANY_NUMBERS = 4
_NUMBER = re.compile(r"[A-Z]{0,4}\d[\dA-Z.,:/-]*")
_MOSTLY = 0.5
"""From this share of disguised words on a text is judged by what they mean alone."""
_BARELY = 0.01
_REGIONAL_A = 0x1F1E6
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}

_ALIKE = dict(zip("υτηκχωεβγμδσиптнкмвьзгёєґ", "utnkxwebyudounthkmbbereer", strict=False))
"""Greek and Cyrillic letters that people use for Latin ones though Unicode does not call them confusable."""


def to_latin(text: str) -> str:
    """`text` without invisible characters, its look-alikes as Latin letters without marks (Unicode TS 39).

    A word that holds a letter with no Latin look-alike keeps its script.
    """
    if text.isascii():
        return text
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in _FILLERS)
    return "".join(_latin_word(word) for word in _SPACE.split(visible))


def _latin_word(word: str) -> str:
    if word.isascii():
        return word
    compatible = unicodedata.normalize("NFKD", word)
    latin = "".join(latin_letter(char) for char in compatible if not unicodedata.combining(char))
    return latin if not any(char.isalpha() and not char.isascii() for char in latin) else word


@cache
def latin_letter(char: str) -> str:
    """The Latin letter that `char` looks like, or `char`."""
    if char.isascii():
        return char
    if char.casefold() in _ALIKE:
        return _ALIKE[char.casefold()]
    if 0 <= ord(char) - _REGIONAL_A < 26:
        return chr(ord("a") + ord(char) - _REGIONAL_A)
    named = _NAMED.search(unicodedata.name(char, ""))
    return named.group(1).lower() if named else _confusables().get(char, char)


@cache
def _confusables() -> dict[str, str]:
    """Characters of other scripts and the ASCII letter or digit that Unicode holds them to be confused with."""
    file = resources.files("confusable_homoglyphs") / "confusables.json"
    table: dict[str, list[dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return {char: plain for char, alike in table.items() if len(char) == 1 and (plain := _ascii(alike))}


def _ascii(alike: list[dict[str, str]]) -> str:
    letters = (entry["c"] for entry in alike if len(entry["c"]) == 1 and entry["c"].isascii())
    return next((letter.lower() for letter in letters if letter.isalnum()), "")


RAREST = -10.0
"""Log of the share of texts that hold a word too rare to be counted."""

_SHORT = "u ur ya im ive id youre dont cant wont didnt doesnt isnt thats lol ok rt"
"""Short forms of the commonest words, which would otherwise be read as something else."""


class Reader:
    """Sees through disguise; a word that is known is never read as another."""

    def __init__(
        self, masked: Iterable[str], likelihood: Mapping[str, float], aliases: Mapping[str, str]
    ) -> None:
        self._unmasker = Unmasker(masked, likelihood, aliases)

    def read(self, text: str) -> str:
        """`text` as `written`, or in lower case and without disguise where it wears one."""
        return self.readings(text)[-1]

    def readings(self, text: str) -> tuple[str, ...]:
        """`text` as it looks, in Latin letters where it uses look-alikes, and as it is meant if that differs.

        Where it has a flag, that is a country in the first reading, and two letters in the others.
        """
        written, named = to_latin(text), flags_named(text)
        meant = self._unmasker.read(written)
        first = written if named == text else to_latin(named)
        is_disguised = meant.split() != written.casefold().split()
        return tuple(dict.fromkeys((first, written, *([meant] if is_disguised else []))))

    def windows(self, text: str, size: int, overlap: int) -> list[str]:
        """What of `text` is judged: each of its windows as it looks, and as it is meant where it wears a disguise.

        Where most words do, only as it is meant: letters torn apart tell a classifier nothing, and look hostile.
        """
        named, cut = flags_named(text), windows(to_latin(text), size, overlap)
        countries = [] if named == text else windows(to_latin(named), size, overlap)
        return list(dict.fromkeys((*countries, *(one for window in cut for one in self._judged(window)))))

    def _judged(self, window: str) -> Iterator[str]:
        """Between many numbers the words by themselves too, each once: numbers and what is said again and again beside
        them tell nothing, and water down the whole."""
        meant = self._unmasker.read(window)
        if len(_NUMBERS.findall(window)) >= _MANY_NUMBERS:
            yield " ".join(dict.fromkeys(_NUMBERS.sub(" ", meant).split()))
        disguised = _disguised(window, meant)
        if disguised < _MOSTLY:
            yield window
        if disguised:
            yield meant


def _disguised(written: str, meant: str) -> float:
    """The share of the words as written that are none of those that are meant; a number is no disguise."""
    all_words = written.split()
    if meant.split() == written.casefold().split():
        return 0.0
    words = (word.casefold() for word in all_words if not _NUMBER.fullmatch(word))
    strange = Counter(words) - Counter(meant.split())
    return strange.total() / len(all_words) or _BARELY


def load(terms: Iterable[str] = ()) -> Reader:
    """A reader that knows the words of the embedded classifiers and of `terms`; takes about a second once."""
    return _load(frozenset(word for term in terms for word in term.casefold().split() if word.isalpha()))


@cache
def _load(extra: frozenset[str]) -> Reader:
    from genai.moderation.classifiers.profanity import COMMONEST, vocabulary
    from genai.moderation.reading.masked_words import ALIASES, KNOWN, MASKED

    rare = dict.fromkeys([*KNOWN, *extra], RAREST)
    known = rare | vocabulary() | dict.fromkeys(_SHORT.split(), COMMONEST)
    return Reader(MASKED | extra, known, ALIASES)
