"""Words before a number that say what it is. Words after it do not count: a stream may end before them."""

import re

REACH = 48
"""Characters before a number in which a word can speak for it."""


def announced(text: str, start: int, words: re.Pattern[str]) -> bool:
    """Whether one of `words` stands shortly before `start`."""
    return bool(words.search(text, max(0, start - REACH), start))
