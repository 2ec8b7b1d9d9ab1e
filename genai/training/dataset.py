"""Encodes conversations and groups them into batches of similar length, to save on padding."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch.nn import functional
from transformers import PreTrainedTokenizerBase

from genai.chat import Turn
from genai.training.corpus.examples import Example

_WEIGHTY = 4.0
"""Copies and the decision to stop are few among many tokens that are pure choice, so they count for more."""
_POOL_BATCHES = 40


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one conversation, and the weight of each in the loss (0: none)."""

    ids: tuple[int, ...]
    weights: tuple[float, ...]


def encode_turns(tokenizer: PreTrainedTokenizerBase, turns: Sequence[Turn]) -> list[int]:
    """Ids of the turns and of the answer's opening; typed text never becomes a control token."""
    start, end = tokenizer.convert_tokens_to_ids(["<|im_start|>", "<|im_end|>"])
    ids: list[int] = []
    for turn in turns:
        ids += [start, *_plain(tokenizer, f"{turn.role}\n{turn.content}"), end, *_plain(tokenizer, "\n")]
    return [*ids, start, *_plain(tokenizer, "assistant\n")]


def encode_example(tokenizer: PreTrainedTokenizerBase, example: Example) -> Encoded:
    """The conversation with its answer and the token that ends it."""
    prompt = encode_turns(tokenizer, example.turns)
    encoding = tokenizer(
        example.answer, add_special_tokens=False, split_special_tokens=True, return_offsets_mapping=True
    )
    spans = _weighty_spans(example)
    weights = [
        _WEIGHTY if any(start < span_end and end > span_start for span_start, span_end in spans) else 1.0
        for start, end in encoding["offset_mapping"]
    ]
    ids = (*prompt, *encoding["input_ids"], int(tokenizer.convert_tokens_to_ids("<|im_end|>")))
    return Encoded(ids, (*[0.0] * len(prompt), *weights, _WEIGHTY))


def _weighty_spans(example: Example) -> list[tuple[int, int]]:
    """Where the answer repeats typed text, and where it goes on to another idea."""
    patterns = [re.escape(text.rstrip(".!?")) for text in example.copied]
    pattern = "|".join([*patterns, r"\n\d+\."])
    return [match.span() for match in re.finditer(pattern, example.answer)]


def _plain(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
    return ids


def make_batches(
    encoded: Iterable[Encoded], batch_tokens: int, longest: int, rng: Random
) -> list[list[Encoded]]:
    """Batches of at most `batch_tokens` tokens with padding; conversations over `longest` are left out."""
    fitting = [item for item in encoded if len(item.ids) <= longest]
    rng.shuffle(fitting)
    pool = max(1, _POOL_BATCHES * batch_tokens // 250)
    batches: list[list[Encoded]] = []
    for start in range(0, len(fitting), pool):
        batches += _filled(
            sorted(fitting[start : start + pool], key=lambda item: len(item.ids)), batch_tokens
        )
    rng.shuffle(batches)
    return batches


def _filled(by_length: Sequence[Encoded], batch_tokens: int) -> list[list[Encoded]]:
    batches: list[list[Encoded]] = [[]]
    for item in by_length:
        if batches[-1] and len(item.ids) * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
        batches[-1].append(item)
    return batches


def collate(batches: Sequence[Sequence[Encoded]], padding: int) -> dict[str, torch.Tensor]:
    """Tensors of shape (conversations, tokens) of the one batch that the data loader hands over."""
    (batch,) = batches
    width = max(len(item.ids) for item in batch)
    ids = torch.full((len(batch), width), padding)
    weights = torch.zeros((len(batch), width))
    mask = torch.zeros((len(batch), width), dtype=torch.long)
    for row, item in enumerate(batch):
        length = len(item.ids)
        ids[row, :length] = torch.tensor(item.ids)
        weights[row, :length] = torch.tensor(item.weights)
        mask[row, :length] = 1
    return {"input_ids": ids, "weights": weights, "attention_mask": mask}


def answer_loss(logits: torch.Tensor, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy of the next token, in nats.

    `logits` (conversations, tokens, vocabulary); `ids` and `weights` (conversations, tokens).
    """
    losses = functional.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none"
    )
    following = weights[:, 1:].flatten()
    return (losses * following).sum() / following.sum()
