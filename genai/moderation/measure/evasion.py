"""Ways in which people disguise words to get past a filter. Each is repeatable: chance comes from the text itself."""

import random
import re
from collections.abc import Callable

Evasion = Callable[[str, random.Random], str]

_LETTERS = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[A-Za-z]{3,}")
_LEET = str.maketrans("aeiostAEIOST", "4310574310$7")
_ALIKE = str.maketrans("aceopxyijsABCEHKMOPTX", "асеорхуіјѕАВСЕНКМОРТХ")
_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD = {ord("a") + i: 0x1D41A + i for i in range(26)} | {ord("A") + i: 0x1D400 + i for i in range(26)}
_CIRCLED = {ord("a") + i: 0x24D0 + i for i in range(26)} | {ord("A") + i: 0x24B6 + i for i in range(26)}
_MARKS = "\u0300\u0301\u0308\u0323\u0330\u0336"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda match: change(match.group()), text)


def _mixed(text: str, chance: random.Random) -> str:
    """Half of the letters as look-alikes of other alphabets, as whole texts in them would stand out."""
    return "".join(char.translate(_ALIKE) if chance.random() < 0.5 else char for char in text)


def _after_letters(text: str, chance: random.Random, signs: str, share: float) -> str:
    return _LETTERS.sub(
        lambda match: match.group() + (chance.choice(signs) if chance.random() < share else ""), text
    )


def _repeated(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _bidirectional(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return f"{word[:at]}\u202d{word[at:]}\u202c"


EVASIONS: dict[str, Evasion] = {
    "compatible forms": lambda text, chance: text.translate(chance.choice((_FULL, _BOLD, _CIRCLED))),
    "look-alike letters": _mixed,
    "zero-width characters": lambda text, chance: _after_letters(text, chance, _INVISIBLE, 0.7),
    "bidirectional controls": lambda text, chance: _each_word(
        text, lambda word: _bidirectional(word, chance)
    ),
    "combining marks": lambda text, chance: _after_letters(text, chance, _MARKS, 0.7),
    "leetspeak": lambda text, _: text.translate(_LEET),
    "repeated letters": lambda text, chance: _each_word(text, lambda word: _repeated(word, chance)),
    "spaced-out letters": lambda text, _: "   ".join(" ".join(word) for word in text.split()),
    "dotted letters": lambda text, _: _each_word(text, ".".join),
}


def evaded(text: str, name: str) -> str:
    """`text` in the disguise called `name`, the same every time; in none where it is "none"."""
    return text if name == "none" else EVASIONS[name](text, random.Random(f"{name} {text}"))
