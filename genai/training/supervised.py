"""The data of stages that take text as well as conversations: parted, encoded, ready for a Trainer.

A text is packed into blocks, a conversation stays one example with loss on its answers only. Everything is held
in memory; text that is larger is a matter for `genai.training.pretrain`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import numpy as np
from transformers import PreTrainedTokenizerBase

from genai.training.conversations import Examples
from genai.training.data.encoding import Encoded
from genai.training.data.packing import Blocks
from genai.training.data.samples import Sample, encode_samples, holds_conversations, read_samples
from genai.training.run.errors import DataError

_FEWEST_TO_PART = 20


@dataclass(frozen=True, slots=True)
class SupervisedData:
    """Training and held-out examples, and the samples to measure on: the held-out ones, or all when not parted."""

    train: Examples | Blocks
    held_out: Examples | Blocks | None
    measured: tuple[Sample, ...]
    left_out: int


def load_supervised(
    path: Path, tokenizer: PreTrainedTokenizerBase, longest: int, held_out: float, seed: int
) -> SupervisedData:
    """Examples of at most `longest` tokens, a share of `held_out` (0 to 1) apart. Raises TrainingError."""
    samples = read_samples(path)
    if holds_conversations(path):
        learnt, measured = _part_conversations(samples, held_out, seed)
    else:
        learnt, measured = _part_text(cast(Sequence[str], samples), held_out)
    train = _examples(learnt, tokenizer, longest)
    if not len(train):
        raise DataError(f"Every conversation in {path} has more than {longest} tokens; set `longest` higher.")
    left_out = len(learnt) - len(train) if isinstance(train, Examples) else 0
    if not measured:
        return SupervisedData(train, None, samples, left_out)
    parted = _examples(measured, tokenizer, longest)
    return SupervisedData(train, parted if len(parted) else None, tuple(measured), left_out)


def _examples(
    samples: Sequence[Sample], tokenizer: PreTrainedTokenizerBase, longest: int
) -> Examples | Blocks:
    encoded = encode_samples(samples, tokenizer)
    if not isinstance(samples[0], str):
        return Examples([Encoded(item.ids, item.labels) for item in encoded if len(item.ids) <= longest])
    tokens = np.concatenate([np.asarray(item.ids, dtype=np.uint32) for item in encoded])
    return Blocks(tokens, longest, 0, max(1, -(-(len(tokens) - 1) // longest)))


def _part_conversations(
    samples: Sequence[Sample], share: float, seed: int
) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """A random part; fewer than 20 stay together."""
    if not share or len(samples) < _FEWEST_TO_PART:
        return samples, ()
    shuffled = Random(seed).sample(samples, len(samples))
    count = max(1, round(share * len(samples)))
    return shuffled[count:], shuffled[:count]


def _part_text(texts: Sequence[str], share: float) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """The last part, cut between words, so that no sentence is in both."""
    learnt, measured = list(texts), list[str]()
    wanted = int(share * sum(map(len, texts)))
    while wanted > 0:
        last = learnt.pop()
        cut = max(0, last.rfind(" ", 0, len(last) - wanted))
        if cut:
            learnt.append(last[:cut])
        measured.insert(0, last[cut:])
        wanted -= len(last) - cut
    return (learnt, measured) if learnt else (texts, ())
