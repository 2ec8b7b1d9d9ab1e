"""The data of a training stage, text as well as conversations: read, encoded, and parted into training and held-out.

A text is packed into blocks, a conversation stays one example with loss on its answers only. Everything is held
in memory; text that is larger is a matter for `genai.training.pretrain`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar, cast

import numpy as np
from rich.progress import track
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from genai.training.data.encoding import ConversationEncoder, Encoded
from genai.training.data.packing import Blocks
from genai.training.data.readers import read_conversations
from genai.training.data.samples import Sample, encode_samples, holds_conversations, read_samples
from genai.training.run.distributed import is_main
from genai.training.run.errors import DataError

T = TypeVar("T")
_FEWEST_TO_PART = 20


class Examples(Dataset[dict[str, list[int]]]):
    """Encoded conversations as the Trainer takes them: `input_ids` and `labels`, each of shape (tokens,)."""

    def __init__(self, items: Sequence[Encoded]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        item = self.items[index]
        return {"input_ids": list(item.ids), "labels": list(item.labels)}

    @property
    def tokens(self) -> int:
        """Tokens of all examples."""
        return sum(len(item.ids) for item in self.items)


@dataclass(frozen=True, slots=True)
class ConversationData:
    """What a supervised run learns from; `held_out` is None when too few examples to part."""

    train: Examples
    held_out: Examples | None
    left_out: int


def load_conversations(
    path: Path,
    tokenizer: PreTrainedTokenizerBase,
    longest: int,
    held_out: float,
    seed: int,
    measured_on: Path | None = None,
) -> ConversationData:
    """Examples of at most `longest` tokens; `measured_on` is measured on, else a share of `held_out` of them.

    Raises DataError.
    """
    encoder = ConversationEncoder(tokenizer)
    fitting, left_out = _encoded(path, encoder, longest)
    if measured_on is not None:
        measured, left_out_there = _encoded(measured_on, encoder, longest)
        return ConversationData(Examples(fitting), Examples(measured), left_out + left_out_there)
    train, kept_apart = part(fitting, held_out, seed)
    return ConversationData(Examples(train), Examples(kept_apart) if kept_apart else None, left_out)


def _encoded(path: Path, encoder: ConversationEncoder, longest: int) -> tuple[list[Encoded], int]:
    """What fits, and how many do not. Raises DataError where nothing is left."""
    shown = track(read_conversations(path), "Encoding conversations", disable=not is_main())
    encoded = [encoder.encode(conversation.turns) for conversation in shown]
    if not encoded:
        raise DataError(f"{path} holds no conversation; write one JSON object on each line.")
    fitting = [item for item in encoded if len(item.ids) <= longest]
    if not fitting:
        raise DataError(f"Every conversation in {path} has more than {longest} tokens; set `longest` higher.")
    return fitting, len(encoded) - len(fitting)


def part(items: Sequence[T], share: float, seed: int) -> tuple[Sequence[T], Sequence[T]]:
    """Training and held-out part; the same seed parts alike. Fewer than 20 examples stay together."""
    if not share or len(items) < _FEWEST_TO_PART:
        return items, []
    shuffled = Random(seed).sample(items, len(items))
    count = max(1, round(share * len(items)))
    return shuffled[count:], shuffled[:count]


# Text as well as conversations.


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
        learnt, measured = part(samples, held_out, seed)
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
