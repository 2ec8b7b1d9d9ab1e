"""What the layers that stay as they are make of texts, computed once: learning goes over it again and again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genai.model.gguf.header import GgufFile
from genai.moderation.classifiers.model_reader import log_odds
from genai.moderation.classifiers.profanity import ProfanityCheck
from genai.moderation.reading.emoji_words import in_words
from genai.moderation.understanding.trunk import Trunk
from genai.moderation.understanding.vocabulary import tokenizer_of
from genai.training.toxicity_head.learner import Batch
from genai.training.toxicity_head.public_sets import CATEGORIES, Example

_LONGEST = 110
"""Tokens of a text that are read."""
_AT_ONCE = 500
_UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class FrozenStates:
    """Texts with their states [tokens of all, width] float16, and where each begins; labels are NaN where unknown."""

    examples: Sequence[Example]
    states: NDArray[np.float16]
    begins: NDArray[np.int64]
    sink: Tensor
    listed: Tensor
    labels: Tensor
    weights: Tensor

    def tokens(self, index: int) -> int:
        """Tokens of one text."""
        return int(self.begins[index + 1] - self.begins[index])

    def batch(self, indices: Sequence[int]) -> Batch:
        """Some of the texts, filled up to the longest."""
        longest = 1 + max(map(self.tokens, indices))
        states = torch.zeros(len(indices), longest, self.states.shape[1])
        real = torch.zeros(len(indices), longest, dtype=torch.bool)
        states[:, 0] = self.sink
        for row, index in enumerate(indices):
            part = self.states[self.begins[index] : self.begins[index + 1]]
            states[row, 1 : 1 + len(part)] = torch.from_numpy(part.astype(np.float32))
            real[row, : 1 + len(part)] = True
        return Batch(states, real, self.listed[list(indices)])


def read(
    examples: Sequence[Example],
    file: GgufFile,
    layers: int,
    words: ProfanityCheck,
    progress: Callable[[float], None],
) -> FrozenStates:
    """Read every text with the lowest `layers` of the model in `file`."""
    trunk, tokenizer = Trunk(file, layers), tokenizer_of(file)
    texts = [in_words(example.text) for example in examples]
    tokens = [one.ids[:_LONGEST] or [0] for one in tokenizer.encode_batch(texts)]
    states: list[NDArray[np.float16]] = []
    for start in range(0, len(tokens), _AT_ONCE):
        progress(start / len(tokens))
        states += [found.half().numpy() for found in trunk(tokens[start : start + _AT_ONCE])]
    labels = [[example.labels.get(name, _UNKNOWN) for name in CATEGORIES] for example in examples]
    return FrozenStates(
        examples,
        np.concatenate(states),
        np.cumsum([0, *map(len, tokens)]),
        trunk.sink(),
        torch.tensor(log_odds(words, texts)),
        torch.tensor(labels),
        torch.tensor([example.weight for example in examples]),
    )
