"""The discriminator's part of a round: how well it tells a model's answers from written ones, and which are best.

No answer is scored by a discriminator that learnt from its prompt: the accuracy is that on prompts held out, and the
candidates are scored in turns, each fold by what was learnt from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from genai.training.discriminator.fitting import fit_linear
from genai.training.discriminator.labelled import Labelled, folds
from genai.training.discriminator.linear_classifier import LinearScorer
from genai.training.discriminator.measure import Separation, separation

_FOLDS: Final = 5


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
        return separation(measured, found.score([item.text for item in measured]), self.seed)

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
