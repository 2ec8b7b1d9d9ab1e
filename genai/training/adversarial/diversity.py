"""How varied texts are: a model that learns from itself tends to say less and less.

    distinct-n = different n-grams of words / n-grams of words, over all texts together

(Li et al. 2016, arXiv 1510.03055). It falls as texts grow longer or more numerous, so that only sets of like size and
length can be compared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Diversity:
    """Shares from 0 to 1; `texts` is that of different texts among all."""

    distinct_1: float
    distinct_2: float
    texts: float

    def fell_below(self, before: "Diversity", share: float) -> bool:
        """Whether distinct-2 or the share of different texts is by more than `share` lower than `before`."""
        kept = 1 - share
        return self.distinct_2 < kept * before.distinct_2 or self.texts < kept * before.texts


def measure_diversity(texts: Sequence[str]) -> Diversity:
    """The diversity of texts, letter case and spaces apart; 0 where there is nothing to count."""
    words = [_WORD.findall(text.lower()) for text in texts]
    different = {tuple(found) for found in words}
    return Diversity(distinct(words, 1), distinct(words, 2), len(different) / max(1, len(words)))


def distinct(texts: Sequence[Sequence[str]], n: int) -> float:
    """distinct-n of texts that are cut into words."""
    grams = [tuple(words[at : at + n]) for words in texts for at in range(len(words) - n + 1)]
    return len(set(grams)) / max(1, len(grams))
