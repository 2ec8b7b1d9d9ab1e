"""Encodes conversations and groups them into batches of similar length, to save on padding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import torch
from transformers import PreTrainedTokenizerBase

from genai.chat import Turn
from genai.training.corpus.examples import Example

IGNORED = -100
"""Label of a token that carries no loss (PyTorch's convention)."""
_POOL_BATCHES = 40


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one conversation; the first `prompt` of them carry no loss."""

    ids: tuple[int, ...]
    prompt: int


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
    answer = _plain(tokenizer, example.answer)
    return Encoded((*prompt, *answer, tokenizer.convert_tokens_to_ids("<|im_end|>")), len(prompt))


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
    labels = torch.full((len(batch), width), IGNORED)
    mask = torch.zeros((len(batch), width), dtype=torch.long)
    for row, item in enumerate(batch):
        length = len(item.ids)
        ids[row, :length] = torch.tensor(item.ids)
        labels[row, item.prompt : length] = torch.tensor(item.ids[item.prompt :])
        mask[row, :length] = 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}
