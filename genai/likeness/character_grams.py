"""Character n-grams, counted by hashed places: no vocabulary, so that two texts are as alike in any company.

Every list of ideas needs them, so they do without scikit-learn, which takes half a second to import, and much memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 3, 5


def counted(grams: Iterable[str], places: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which of so many `places` the n-grams fall on, ascending, and how many on each."""
    counts = sorted(Counter(crc32(gram.encode("utf-8", "replace")) % places for gram in grams).items())
    found = np.array(counts, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1].astype(np.float64)


def in_words(text: str) -> Iterator[str]:
    """Those of three to five characters of each word, with a space before and behind it."""
    for word in text.split():
        padded = f" {word} "
        for length in range(SHORTEST, LONGEST + 1):
            yield from (padded[at : at + length] for at in range(max(1, len(padded) - length + 1)))
            if len(padded) <= length:
                break


def of_characters(text: str) -> Iterator[str]:
    """Each character, and each two that follow one another."""
    yield from text
    yield from (text[at : at + 2] for at in range(len(text) - 1))
