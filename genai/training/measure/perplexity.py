"""What a model thinks of given tokens: log p(x_t | x_<t), and perplexity per token and per byte of it.

Perplexity, per token and per byte (Jelinek et al. 1977, J. Acoust. Soc. Am. 62, S63).

    PPL_token = exp(-1/T Σ_t ln p(x_t | x_<t)),    PPL_byte = exp(-1/B Σ_t ln p(x_t | x_<t))

with T predicted tokens that spell B bytes. Only the second can be compared between tokenizers (Gao et al. 2020,
arXiv 2101.00027, section 3.1: bits per byte, its binary logarithm).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from rich.console import Console
from rich.progress import track
from transformers import PreTrainedModel

from genai.training.data.encoding import IGNORED
from genai.training.data.samples import Scored
from genai.training.run.distributed import is_main

_BATCH_TOKENS: Final = 4096


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` of sample number `sample`; labels before `scored_from` were scored already."""

    sample: int
    start: int
    end: int
    scored_from: int

    def __len__(self) -> int:
        return self.end - self.start


def windows(sample: int, length: int, context: int) -> Iterator[Window]:
    """Windows of at most `context` tokens over `length`, each label in one, with half a context before it."""
    step = max(1, context // 2)
    start, scored = 0, 0
    while scored < length:
        end = min(start + context, length)
        yield Window(sample, start, end, scored)
        scored, start = end, start + step


@torch.inference_mode()
def label_log_probabilities(
    model: PreTrainedModel, samples: Sequence[Scored], context: int, *, title: str = "Reading"
) -> list[torch.Tensor]:
    """For each sample the natural-log probabilities of its labels, float32 of shape (labels,), on the CPU."""
    model.eval()
    todo = [window for n, item in enumerate(samples) for window in windows(n, len(item.ids), context)]
    parts: dict[Window, torch.Tensor] = {}
    console = Console(stderr=True)
    for batch in track(_batches(todo), title, console=console, disable=not is_main(), transient=True):
        pieces = [_cut(samples[window.sample], window) for window in batch]
        parts |= zip(batch, _score(model, pieces), strict=True)
    grouped: list[list[torch.Tensor]] = [[] for _ in samples]
    for window in todo:
        grouped[window.sample].append(parts[window])
    return [torch.cat(group) for group in grouped]


@torch.inference_mode()
def label_logits(
    model: PreTrainedModel, samples: Sequence[Scored], context: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batch by batch, logits (labels, vocabulary) and the labels (labels,); the same batches for any model."""
    model.eval()
    todo = [window for n, item in enumerate(samples) for window in windows(n, len(item.ids), context)]
    for batch in _batches(todo):
        logits, labels, _ = _read(model, [_cut(samples[window.sample], window) for window in batch])
        yield logits, labels


def _batches(todo: Sequence[Window]) -> list[list[Window]]:
    """Windows of like length together, at most `_BATCH_TOKENS` tokens in a batch, padding included."""
    batches: list[list[Window]] = [[]]
    for window in sorted(todo, key=len, reverse=True):
        if batches[-1] and len(batches[-1][0]) * (len(batches[-1]) + 1) > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(window)
    return [batch for batch in batches if batch]


def _cut(sample: Scored, window: Window) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.tensor(sample.labels[window.start : window.end])
    labels[: window.scored_from - window.start] = IGNORED
    return torch.tensor(sample.ids[window.start : window.end]), labels


def _score(model: PreTrainedModel, pieces: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> list[torch.Tensor]:
    logits, labels, counts = _read(model, pieces)
    scores = -torch.nn.functional.cross_entropy(logits.float(), labels, reduction="none")
    return list(scores.cpu().split(counts))


def _read(
    model: PreTrainedModel, pieces: Sequence[tuple[torch.Tensor, torch.Tensor]]
) -> tuple[torch.Tensor, torch.Tensor, list[int]]:
    """Logits (labels, vocabulary) and labels (labels,) of all pieces, and how many each piece has."""
    pad = torch.nn.utils.rnn.pad_sequence
    ids = pad([ids for ids, _ in pieces], batch_first=True).to(model.device)
    labels = pad([labels for _, labels in pieces], batch_first=True, padding_value=IGNORED)
    mask = pad([torch.ones_like(ids) for ids, _ in pieces], batch_first=True).to(model.device)
    targets = labels[:, 1:]
    wanted = targets != IGNORED
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1]
    return logits[wanted.to(logits.device)], targets[wanted].to(logits.device), wanted.sum(1).tolist()


@dataclass(frozen=True, slots=True)
class Perplexity:
    """Total negative log-likelihood in nats of `tokens` that spell `size` bytes."""

    nats: float
    tokens: int
    size: int

    @property
    def per_token(self) -> float:
        """1 is certainty; the vocabulary's size is pure chance."""
        return math.exp(self.nats / self.tokens)

    @property
    def per_byte(self) -> float:
        """1 is certainty, 256 is pure chance."""
        return math.exp(self.nats / self.size)


def measure_perplexity(
    model: PreTrainedModel, samples: Sequence[Scored], context: int, *, title: str = "Reading"
) -> Perplexity:
    """Perplexity over all samples together, each token counting alike; `context` in tokens."""
    return total_perplexity(label_log_probabilities(model, samples, context, title=title), samples)


def total_perplexity(scores: Sequence[torch.Tensor], samples: Sequence[Scored]) -> Perplexity:
    """Perplexity from the log-probabilities of the samples' labels, (labels,) each."""
    return Perplexity(
        nats=-sum(float(score.double().sum()) for score in scores),
        tokens=sum(len(score) for score in scores),
        size=sum(sample.size for sample in samples),
    )
