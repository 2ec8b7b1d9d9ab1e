"""How concrete a text is: whether it names things, numbers and actions, or speaks in generalities.

By words alone, for English and Chinese; a text in another language counts as concrete as its numbers say.
"""

import re
from importlib.resources import files

from genai.text import telling_words

_GENERAL = frozenset(files(__package__).joinpath("general_words.txt").read_text(encoding="utf-8").split())
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十百]+(?=[个人天点分次周月年元块张])")
_ENOUGH_WORDS = 6
"""Telling words that a concrete sentence has at least."""
_NUMBER_WORTH = 0.1
_MOST_NUMBERS = 2


def concreteness(text: str) -> float:
    """From 0 (generalities, or hardly anything said) to 1."""
    words = telling_words(text)
    if not words:
        return 0.0
    concrete = sum(word not in _GENERAL for word in words)
    said = concrete / max(len(words), _ENOUGH_WORDS)
    numbers = min(len(_NUMBER.findall(text)), _MOST_NUMBERS)
    return min(1.0, said + _NUMBER_WORTH * numbers)
