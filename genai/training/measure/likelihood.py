"""What a model thinks of given tokens: log p(x_t | x_<t), with long texts read in overlapping windows."""

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
