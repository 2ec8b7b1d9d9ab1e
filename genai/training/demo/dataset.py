"""Encodes conversations and groups them into batches of similar length, to save on padding."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

import torch
from torch.nn import functional
from transformers import PreTrainedTokenizerBase

from genai.request import Turn
from genai.training.demo.examples import Example

_WEIGHTY = 5.0
"""Copies and the decision to stop are few among many tokens that are pure choice, so they count for more."""
_POOL_BATCHES = 40
_TITLE = re.compile(r"^(?!1\.)\d+\. \*\*(.+?)\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one conversation, and the weight of each in the loss (0: none)."""

    ids: tuple[int, ...]
    weights: tuple[float, ...]
    banned: tuple[int, ...] = ()
    """Tokens that are a whole word which the brief forbids."""
    titles: tuple[int, ...] = ()
    """Where the tokens of a list's second and later titles are."""


def weigh_titles(item: Encoded, weight: float) -> Encoded:
    """The conversation with later titles weighed more, so that their order is learnt."""
    weights = list(item.weights)
    for place in item.titles:
        weights[place] = weight
    return replace(item, weights=tuple(weights))


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
    banned = _single_tokens(tokenizer, example.brief.preferences.avoid_words)
    later = [match.span(1) for match in _TITLE.finditer(example.answer)]
    titles = tuple(
        len(prompt) + place
        for place, (start, end) in enumerate(encoding["offset_mapping"])
        if any(start < title_end and end > title_start for title_start, title_end in later)
    )
    return Encoded(ids, (*[0.0] * len(prompt), *weights, _WEIGHTY), banned, titles)


def _single_tokens(tokenizer: PreTrainedTokenizerBase, words: Sequence[str]) -> tuple[int, ...]:
    spelt = (f"{space}{form}" for word in words for form in (word, word.capitalize()) for space in ("", " "))
    return tuple(ids[0] for ids in (_plain(tokenizer, text) for text in spelt) if len(ids) == 1)


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
    banned = torch.zeros((len(batch), 1 + max(len(item.banned) for item in batch)), dtype=torch.long)
    for row, item in enumerate(batch):
        banned[row, : len(item.banned)] = torch.tensor(item.banned, dtype=torch.long)
    return {"input_ids": ids, "weights": weights, "attention_mask": mask, "banned": banned}


def answer_loss(logits: torch.Tensor, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy of the next token, in nats.

    `logits` (conversations, tokens, vocabulary); `ids` and `weights` (conversations, tokens).
    """
    counted = weights[:, 1:] > 0
    return weighted_loss(logits[:, :-1][counted], ids[:, 1:][counted], weights[:, 1:][counted])


def weighted_loss(logits: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy in nats; `logits` (tokens, vocabulary), the others (tokens,)."""
    losses = functional.cross_entropy(logits.float(), targets, reduction="none")
    return (losses * weights).sum() / weights.sum()


def banned_loss(logits: torch.Tensor, targets: torch.Tensor, banned: torch.Tensor) -> torch.Tensor:
    """Unlikelihood of tokens that a conversation forbids (Welleck et al. 2020, arXiv 1908.04319), a mean in nats.

    `logits` (tokens, vocabulary), `targets` (tokens,), `banned` (tokens, most) filled up with the padding's 0.
    Positions whose right token is banned, as the start of another word, do not count.
    """
    applies = (banned > 0).any(1) & (banned != targets[:, None]).all(1)
    if not applies.any():
        return logits.new_zeros(())
    chosen, tokens = logits[applies].float(), banned[applies]
    mass = (chosen.softmax(-1).gather(1, tokens) * (tokens > 0)).sum(1)
    return -torch.log1p(-mass.clamp(max=0.999)).sum() / len(logits)
