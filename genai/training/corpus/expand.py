"""Turns one corpus line into finished English: alternatives, slots, articles and spaces.

The notation is described in `genai/demo/corpus/README.md`.
"""

import re
from collections.abc import Mapping
from random import Random

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_INSERTED = "\x01"
_ARTICLE = re.compile(rf"\b([Aa])n? {_INSERTED}+([\w-]+)")
_CONSONANT_SOUND = re.compile(r"(uni(?!n)|use|usu|uti|eu|one|once|ukulele)", re.IGNORECASE)
_VOWEL_SOUND = re.compile(r"([aeiou]|hour|honest|heir|honou?r)", re.IGNORECASE)

Words = Mapping[str, tuple[str, ...]]


def slots_of(line: str) -> frozenset[str]:
    """The names of the slots that a line may draw on."""
    return frozenset(_SLOT.findall(line))


def expand(line: str, words: Words, values: Mapping[str, str], rng: Random) -> str:
    """Fill one line: `values` are put in unchanged, other slots draw from `words`.

    Raises KeyError with the slot's name when neither knows it.
    """

    def choose(match: re.Match[str]) -> str:
        return _INSERTED + rng.choice(str(match[1]).split("|"))

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return _INSERTED + values[name]
        return _INSERTED + expand(rng.choice(words[name]), words, values, rng)

    return tidy(_SLOT.sub(fill, _ALTERNATIVES.sub(choose, line)))


def tidy(text: str) -> str:
    """Mend articles in front of inserted words, and spaces that an empty alternative left."""
    text = _ARTICLE.sub(lambda match: f"{match[1]}{_n_before(match[2])} {match[2]}", text)
    text = re.sub(r" {2,}", " ", text.replace(_INSERTED, ""))
    return re.sub(r" +([,.;:?!])", r"\1", text).strip()


def _n_before(word: str) -> str:
    return "n" if _VOWEL_SOUND.match(word) and not _CONSONANT_SOUND.match(word) else ""
