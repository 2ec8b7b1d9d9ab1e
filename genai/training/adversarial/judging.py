"""What is measured in a round: how well a discriminator tells answers from written ones, and how varied they are.

No answer is scored by a discriminator that learnt from its prompt: the accuracy is that on prompts held out, and the
candidates are scored in turns, each fold by what was learnt from the others.

How varied texts are: a model that learns from itself tends to say less and less.

    distinct-n = different n-grams of words / n-grams of words, over all texts together

(Li et al. 2016, arXiv 1510.03055). It falls as texts grow longer or more numerous, so that only sets of like size and
length can be compared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from genai.training.discriminator.dataset import Labelled, folds
from genai.training.discriminator.scoring import LinearScorer, fit_linear
from genai.training.measure.statistics import Separation, separation

_FOLDS: Final = 5
_WORD: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Answered:
    """A prompt (its last turn), the answer that was written to it, and those that a model gave."""

    group: str
    written: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Settings of the linear discriminator, and pairs of liked and disliked texts that it learns from as well."""

    features: int
    seed: int
    more: tuple[Labelled, ...] = ()

    def accuracy(self, learned: Sequence[Answered], held_out: Sequence[Answered]) -> Separation:
        """How well written and first candidates are told apart on prompts not learnt from. Raises DataError."""
        found = fit_linear([*_pairs(learned), *self.more], features=self.features, seed=self.seed)
        measured = _pairs(held_out)
        scores = found.score([item.text for item in measured])
        return separation([item.wanted for item in measured], scores, self.seed)

    def scores(self, answered: Sequence[Answered]) -> list[list[float]]:
        """The log-odds that each candidate is written, for each prompt. Raises DataError."""
        pairs = _pairs(answered)
        found: dict[str, LinearScorer] = {}
        for learn, measure in folds(pairs, _FOLDS, self.seed):
            texts = [*(pairs[index] for index in learn), *self.more]
            scorer = LinearScorer.fit(texts, features=self.features, seed=self.seed)
            found |= {pairs[index].group: scorer for index in measure}
        return [found[item.group].margins(item.candidates).tolist() for item in answered]


def _pairs(answered: Sequence[Answered]) -> list[Labelled]:
    """As many candidates as written answers, so that 0.5 is the accuracy of chance."""
    return [
        Labelled(text, wanted, item.group)
        for item in answered
        for text, wanted in ((item.written, True), (item.candidates[0], False))
    ]


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
